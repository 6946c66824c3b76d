import { describe, expect, test } from "@jest/globals";

import type { Finding } from "../../../trainer/checks/check.ts";
import { stuck } from "../../../trainer/checks/stuck.ts";
import { dayOf } from "../../../trainer/days.ts";
import { everyDay, facts, input, type CountRow } from "../../support/builders.ts";

type Limits = Partial<ReturnType<typeof input>["checks"]>;

const ids = ["a", "b", "c", "d"];
/** A station's counts from 2026-03-01 to 2026-05-31 in a repeating pattern; what is new begins on 2026-05-01. */
const station = (id: string, pattern: readonly number[]): CountRow[] =>
  everyDay(
    id,
    "2026-03-01",
    Array.from({ length: 92 }, (_, i) => pattern[i % pattern.length] ?? 0),
  );
const lively = ids.flatMap((id) => station(id, [100, 101]));
const newest = (day: string): boolean => day >= "2026-05-25";

/** Some stations count `value` on some days. */
const fixed = (value: number, stations: readonly string[], when = newest, rows = lively): CountRow[] =>
  rows.map(([id, day, count]) => [id, day, stations.includes(id) && when(day) ? value : count]);

const found = (rows: readonly CountRow[], limits: Limits = {}, dataThrough = "2026-04-30"): Finding =>
  stuck(facts(rows, { champion: { version: "v", rows: 1, stations: 1, dataThrough: dayOf(dataThrough) } }), {
    ...input().checks,
    ...limits,
  });

const cases: readonly { what: string; rows: CountRow[]; value: number; passed: boolean }[] = [
  { what: "none", rows: lively, value: 0, passed: true },
  {
    what: "one station of four at zero in the newest week of five",
    rows: fixed(0, ["a"]),
    value: 25,
    passed: true,
  },
  { what: "two stations of four at zero in it", rows: fixed(0, ["a", "b"]), value: 50, passed: false },
  { what: "all at zero in it", rows: fixed(0, ids), value: 100, passed: false },
  {
    what: "all at one other count in it, which repeats from the second day on",
    rows: fixed(7, ids),
    value: 85.7,
    passed: false,
  },
  {
    what: "all at zero in the oldest week",
    rows: fixed(0, ids, (day) => day >= "2026-05-01" && day <= "2026-05-07"),
    value: 100,
    passed: false,
  },
  {
    what: "two stations of four that have long been dead",
    rows: fixed(0, ["a", "b"], () => true),
    value: 0,
    passed: true,
  },
  {
    what: "two stations of four that came to life",
    rows: fixed(0, ["a", "b"], (day) => day < "2026-05-01"),
    value: 0,
    passed: true,
  },
  {
    what: "a village whose counters often say 0 or the same",
    rows: ids.flatMap((id) => station(id, [0, 1, 1, 0, 2])),
    value: 0,
    passed: true,
  },
  {
    what: "stations that are new and dead",
    rows: [...lively, ...everyDay("e", "2026-05-01", new Array<number>(31).fill(0))],
    value: 0,
    passed: true,
  },
  {
    what: "one count every other day: the day before was silent",
    rows: ids.flatMap((id) => station(id, [100])).filter(([, day]) => dayOf(day) % 2 === 0),
    value: 0,
    passed: true,
  },
];

describe("station-days that are zero or repeat the day before", () => {
  test.each(cases)("$what: $value percent, passed $passed", ({ rows, value, passed }) => {
    expect(found(rows)).toMatchObject({ value, passed, limit: 25 });
  });

  test("says how many of how many, which days, what is usual and what to do", () => {
    const rows = fixed(
      0,
      ["b", "c"],
      newest,
      fixed(0, ["a"], () => true),
    );
    expect(found(rows)?.message).toBe(
      "21 of 28 station-days from 2026-05-25 to 2026-05-31 are zero or repeat the day before, usual are 7; expected at most 25 % more: check the counters and the import, or take a known outage out with source.exclude",
    );
  });

  test("the limit is configuration", () => {
    expect(found(fixed(0, ["a"]), { maxStuckPercent: 24 })?.passed).toBe(false);
    expect(found(fixed(0, ids), { maxStuckPercent: 100 })?.passed).toBe(true);
  });

  test.each([
    { what: "nothing new", rows: lively, dataThrough: "2026-05-31" },
    {
      what: "only stations that are new",
      rows: lively.filter(([, day]) => day > "2026-04-30"),
      dataThrough: "2026-04-30",
    },
  ])("$what: not asked", ({ rows, dataThrough }) => {
    expect(found(rows, {}, dataThrough)).toBeUndefined();
  });

  test("a first run: not asked", () => {
    expect(stuck(facts(lively), input().checks)).toBeUndefined();
  });
});
