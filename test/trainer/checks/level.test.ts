import { describe, expect, test } from "@jest/globals";

import type { Finding } from "../../../trainer/checks/check.ts";
import { level } from "../../../trainer/checks/level.ts";
import { dayOf } from "../../../trainer/days.ts";
import { constant, everyDay, facts, input, type CountRow } from "../../support/builders.ts";

type Limits = Partial<ReturnType<typeof input>["checks"]>;

/** Two stations from 2025-03-01 to 2026-05-31; what is new begins on 2026-05-01. */
const sound = [
  ...everyDay("a", "2025-03-01", constant(100, 457)),
  ...everyDay("b", "2025-03-01", constant(300, 457)),
];
const levelOf = (rows: readonly CountRow[], limits: Limits = {}, dataThrough = "2026-04-30"): Finding =>
  level(facts(rows, { champion: { version: "v", rows: 1, stations: 1, dataThrough: dayOf(dataThrough) } }), {
    ...input().checks,
    ...limits,
  });

/** The counts of the days from one to another, both inclusive, times a factor. */
const times = (factor: number, from: string, to: string, rows: readonly CountRow[] = sound): CountRow[] =>
  rows.map(([id, day, count]) => [id, day, day >= from && day <= to ? count * factor : count]);
const without = (from: string, to: string, rows: readonly CountRow[] = sound): CountRow[] =>
  rows.filter(([, day]) => day < from || day > to);

const newDays = ["2026-05-01", "2026-05-31"] as const;
const aYearBefore = ["2025-05-01", "2025-06-02"] as const;

const cases: readonly { what: string; rows: CountRow[]; value: number; passed: boolean }[] = [
  { what: "as before", rows: sound, value: 100, passed: true },
  { what: "twice as high", rows: times(2, ...newDays), value: 200, passed: true },
  { what: "more than twice as high", rows: times(2.01, ...newDays), value: 201, passed: false },
  { what: "half as high", rows: times(0.5, ...newDays), value: 50, passed: true },
  { what: "less than half as high", rows: times(0.49, ...newDays), value: 49, passed: false },
  { what: "zero everywhere", rows: times(0, ...newDays), value: 0, passed: false },
  {
    what: "tripled in the newest week",
    rows: times(3, "2026-05-25", "2026-05-31"),
    value: 300,
    passed: false,
  },
  {
    what: "tripled in the oldest week",
    rows: times(3, "2026-05-01", "2026-05-07"),
    value: 300,
    passed: false,
  },
  { what: "with a gap of ten days", rows: without("2026-05-10", "2026-05-19"), value: 100, passed: true },
  {
    what: "as lately, but five times the year before: the city has grown",
    rows: times(0.2, ...aYearBefore),
    value: 100,
    passed: true,
  },
  {
    what: "against the year before only, for the import slept for 8 weeks",
    rows: times(3, ...newDays, without("2026-03-01", "2026-04-30")),
    value: 300,
    passed: false,
  },
  {
    what: "against the 8 weeks only, for there was no year before",
    rows: times(3, ...newDays, without("2025-01-01", "2025-12-31")),
    value: 300,
    passed: false,
  },
  {
    what: "as before, with a huge station that is new",
    rows: [...sound, ...everyDay("c", "2026-05-01", constant(1e6, 31))],
    value: 100,
    passed: true,
  },
  {
    what: "as before, with a huge station that has gone",
    rows: [...sound, ...everyDay("c", "2025-01-01", constant(1e6, 450))],
    value: 100,
    passed: true,
  },
];

describe("the level of the new days", () => {
  test.each(cases)("$what: $value percent, passed $passed", ({ rows, value, passed }) => {
    expect(levelOf(rows)).toMatchObject({ value, passed, limit: "50 to 200" });
  });

  test("weekdays are compared with weekdays", () => {
    const commuters = sound.map(([id, day, count]): CountRow => [id, day, dayOf(day) % 7 < 2 ? 0 : count]);
    expect(levelOf(commuters, {}, "2026-05-24")).toMatchObject({ value: 100, passed: true });
  });

  test("Christmas is excused by the year before, and by nothing in the first year", () => {
    const christmas = (year: number, rows: readonly CountRow[]): CountRow[] =>
      times(0.3, `${String(year)}-12-22`, `${String(year + 1)}-01-04`, rows);
    const years = ["a", "b"].flatMap((id) => everyDay(id, "2024-06-01", constant(100, 580))); // To 2026-01-01.
    const both = christmas(2025, christmas(2024, years));
    expect(levelOf(both, {}, "2025-12-01")).toMatchObject({ passed: true });
    expect(levelOf(without("2024-01-01", "2025-08-31", both), {}, "2025-12-01")).toMatchObject({
      passed: false,
      value: 30,
    });
  });

  test("says which days, what was counted, what was expected and what to do", () => {
    expect(levelOf(times(3, "2026-05-25", "2026-05-31"))?.message).toBe(
      "From 2026-05-25 to 2026-05-31 the stations counted 600 a day on average, 300 % of the 200 that they counted earlier, expected 50 to 200 %; correct the import of counts, or take a known outage out with source.exclude",
    );
    expect(levelOf(sound)?.message).toBe(
      "From 2026-05-01 to 2026-05-31 the stations counted 200 a day on average, 100 % of the 200 that they counted earlier",
    );
  });

  test("limits are configuration; one that lies far away does not hide the other", () => {
    const high = times(2.5, "2026-05-25", "2026-05-31", times(0.25, "2026-05-01", "2026-05-24"));
    expect(levelOf(high, { minLevelPercent: 0 })).toMatchObject({
      value: 250,
      passed: false,
      limit: "0 to 200",
    });
    expect(levelOf(high, { maxLevelPercent: 300 })).toMatchObject({ value: 25, passed: false });
    expect(levelOf(high, { minLevelPercent: 25, maxLevelPercent: 250 })?.passed).toBe(true);
    expect(levelOf(times(0, ...newDays), { minLevelPercent: 0 })?.passed).toBe(true);
  });

  test.each([
    { what: "nothing new", rows: sound, dataThrough: "2026-05-31" },
    { what: "no earlier counts", rows: without("2025-01-01", "2026-04-30"), dataThrough: "2026-04-30" },
    {
      what: "a fleet that never counted anything",
      rows: times(0, "2025-01-01", "2027-01-01"),
      dataThrough: "2026-04-30",
    },
  ])("$what: not asked", ({ rows, dataThrough }) => {
    expect(levelOf(rows, {}, dataThrough)).toBeUndefined();
  });

  test("a first run: not asked", () => {
    expect(level(facts(sound), input().checks)).toBeUndefined();
  });
});
