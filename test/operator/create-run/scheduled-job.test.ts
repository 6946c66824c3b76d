import { describe, expect, test } from "@jest/globals";

import { periodOf, readScheduledJob } from "../../../operator/create-run/scheduled-job.ts";

const job = (metadata: object): object => ({
  metadata: { name: "bikes-29400", uid: "u-1", creationTimestamp: "2026-12-03T09:00:00Z", ...metadata },
});
const tick = { "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-12-01T02:00:00+01:00" };

describe("A run was due", () => {
  test("at the tick, however late the Job was made", () => {
    expect(readScheduledJob(job({ annotations: tick })).dueAt).toEqual(new Date("2026-12-01T01:00:00Z"));
  });

  test.each([
    ["by hand", { annotations: { "cronjob.kubernetes.io/instantiate": "manual" } }],
    ["without annotations", {}],
    ["with a tick that is no time", { annotations: { [Object.keys(tick)[0] ?? ""]: "soon" } }],
  ])("when its Job was made, where that was made %s", (_, metadata) => {
    expect(readScheduledJob(job(metadata)).dueAt).toEqual(new Date("2026-12-03T09:00:00Z"));
  });

  test("and is requested by its CronJob, or by a Job that has none", () => {
    const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: "bikes", uid: "c" }];
    expect(readScheduledJob(job({ ownerReferences })).requestedBy).toBe("cronjob/bikes");
    expect(readScheduledJob(job({})).requestedBy).toBe("job/bikes-29400");
  });

  test("what is no Job is refused", () => {
    expect(() => readScheduledJob({ metadata: { name: "a" } })).toThrow();
  });
});

describe("An instant is of the month", () => {
  test.each([
    ["the tick of 02:00 in winter time", "2026-12-01T01:00:00Z", "Europe/Paris", "2026-12"],
    ["the tick of 02:00 in summer time", "2026-07-01T00:00:00Z", "Europe/Paris", "2026-07"],
    ["before midnight in UTC, after it in Paris", "2026-11-30T23:30:00Z", "Europe/Paris", "2026-12"],
    ["before midnight in Paris", "2026-11-30T22:59:59Z", "Europe/Paris", "2026-11"],
    ["new year's eve in New York", "2027-01-01T04:59:59Z", "America/New_York", "2026-12"],
    ["new year in New York", "2027-01-01T05:00:00Z", "America/New_York", "2027-01"],
    ["new year in Auckland", "2026-12-31T11:00:00Z", "Pacific/Auckland", "2027-01"],
    ["the hour that summer time leaves out", "2026-03-29T01:30:00Z", "Europe/Paris", "2026-03"],
    ["the hour that winter time repeats", "2026-10-25T00:30:00Z", "Europe/Paris", "2026-10"],
    ["a half-hour zone", "2026-11-30T18:30:00Z", "Asia/Kolkata", "2026-12"],
    ["UTC", "2026-12-31T23:59:59Z", "UTC", "2026-12"],
  ])("%s", (_, instant, timeZone, period) => {
    expect(periodOf(new Date(instant), timeZone)).toBe(period);
  });
});
