import { describe, expect, test } from "@jest/globals";

import { dayText } from "../../trainer/days.ts";
import { RunFailure } from "../../trainer/errors.ts";
import { runSpan } from "../../trainer/span.ts";

const now = new Date("2026-12-01T01:00:00Z");
const timeZone = "Europe/Paris";
type Given = Omit<Parameters<typeof runSpan>[0], "timeZone"> & { timeZone?: string };

const spanOf = (given: Given): string => {
  const { since, until, asOfDay } = runSpan({ timeZone, ...given }, now);
  return `${since === undefined ? "" : dayText(since)} to ${dayText(until)} as of ${dayText(asOfDay)}`;
};

describe("runSpan()", () => {
  test.each<{ when: string; given: Given; span: string }>([
    {
      when: "nothing is said: all history until today",
      given: {},
      span: " to 2026-12-01 as of 2026-12-01",
    },
    {
      when: "the clock is set",
      given: { asOf: "2026-11-30T23:30:00Z" },
      span: " to 2026-12-01 as of 2026-12-01",
    },
    {
      when: "the clock is set in another zone's evening",
      given: { asOf: "2026-11-30T23:30:00Z", timeZone: "UTC" },
      span: " to 2026-11-30 as of 2026-11-30",
    },
    {
      when: "the clock has an offset",
      given: { asOf: "2026-12-01T00:30:00+01:00" },
      span: " to 2026-12-01 as of 2026-12-01",
    },
    {
      when: "until lies before",
      given: { until: "2026-10-01" },
      span: " to 2026-10-01 as of 2026-12-01",
    },
    {
      when: "until lies in the future: today's partial day is never read",
      given: { until: "2027-01-01" },
      span: " to 2026-12-01 as of 2026-12-01",
    },
    {
      when: "since is a day",
      given: { since: "2026-11-30" },
      span: "2026-11-30 to 2026-12-01 as of 2026-12-01",
    },
    {
      when: "since is a duration, which counts back from until",
      given: { since: "P1M", until: "2026-03-31" },
      span: "2026-02-28 to 2026-03-31 as of 2026-12-01",
    },
  ])("$when", ({ given, span }) => {
    expect(spanOf(given)).toBe(span);
  });
});

describe("the clock and the limits of a span", () => {
  test("keeps the clock's instant", () => {
    expect(runSpan({ timeZone }, now).asOf).toEqual(now);
    const asOf = "2026-12-01T02:00:00+01:00";
    expect(runSpan({ timeZone, asOf }, new Date(0)).asOf.toISOString()).toBe("2026-12-01T01:00:00.000Z");
  });

  test.each<{ given: Given; names: string[] }>([
    { given: { since: "2026-12-01" }, names: ["2026-12-01"] },
    { given: { since: "2026-10-01", until: "2026-10-01" }, names: ["2026-10-01"] },
    { given: { since: "P0D" }, names: ["P0D", "2026-12-01"] },
    { given: { since: "2026-12-15", until: "2027-01-01" }, names: ["2026-12-15", "2026-12-01"] },
  ])("refuses the empty span $given", ({ given, names }) => {
    const refusal = () => spanOf(given);
    expect(refusal).toThrow(RunFailure);
    expect(refusal).toThrow(expect.objectContaining({ reason: "BadConfiguration" }));
    for (const name of names) expect(refusal).toThrow(name);
  });
});
