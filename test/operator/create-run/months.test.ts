import { describe, expect, test } from "@jest/globals";

import { periodOf } from "../../../operator/create-run/scheduled-job.ts";
import { nextRunTime } from "../../../operator/sidecar/runs/schedule.ts";

const schedule = "0 2 1 * *";
const years = 30;

/** All months from 2026 on, `2026-01`. */
const months = Array.from({ length: 12 * years }, (_, index) => {
  const month = String((index % 12) + 1).padStart(2, "0");
  return `${String(2026 + Math.floor(index / 12))}-${month}`;
});

/** Each tick from January 2026 on, as many as there are months. */
function ticks(timeZone: string): Date[] {
  const found: Date[] = [];
  let now = new Date("2025-12-15T00:00:00Z");
  for (const month of months) {
    const tick = nextRunTime(schedule, timeZone, now);
    if (tick === undefined) throw new Error(`There is no tick in ${month}`);
    found.push(tick);
    now = tick;
  }
  return found;
}

describe("each month has one tick, which create-run takes for this month's", () => {
  test.each([
    ["of summer time that begins in March and ends in October", "Europe/Paris"],
    ["where summer time may end on day 1 of November, at 2", "America/New_York"],
    ["where it may begin on day 1 of October, at 2", "Australia/Sydney"],
    ["where it is half an hour", "Australia/Lord_Howe"],
    ["far ahead of UTC, whose month is still the one before", "Pacific/Auckland"],
    ["far behind UTC", "Pacific/Honolulu"],
    ["UTC", "UTC"],
  ])("%s", (_where, timeZone) => {
    expect(ticks(timeZone).map((tick) => periodOf(tick, timeZone))).toEqual(months);
  });
});

test.each([
  ["the hour that is there twice", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"],
  ["the ends of one month", "Europe/Paris", "2026-11-30T22:59:59Z", "2026-10-31T23:00:00Z"],
  ["the ends of December", "Europe/Paris", "2026-12-31T22:59:59Z", "2026-11-30T23:00:00Z"],
])("%s is of one month, whichever tick it was", (_what, zone, one, other) => {
  expect(periodOf(new Date(one), zone)).toBe(periodOf(new Date(other), zone));
});
