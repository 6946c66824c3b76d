import { describe, expect, test } from "@jest/globals";

import type { Finding } from "../../../trainer/checks/check.ts";
import { stationLevel } from "../../../trainer/checks/station-level.ts";
import { dayOf } from "../../../trainer/days.ts";
import { constant, everyDay, facts, input, type CountRow } from "../../support/builders.ts";

type Limits = Partial<ReturnType<typeof input>["checks"]>;

const ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
/** Ten stations from 2025-03-01 to 2026-05-31; what is new begins on 2026-05-01. */
const fleet = (count: number): CountRow[] =>
  ids.flatMap((id) => everyDay(id, "2025-03-01", constant(count, 457)));
const sound = fleet(100);
const isNew = (day: string): boolean => day >= "2026-05-01";

const found = (rows: readonly CountRow[], limits: Limits = {}, dataThrough = "2026-04-30"): Finding =>
  stationLevel(
    facts(rows, { champion: { version: "v", rows: 1, stations: 1, dataThrough: dayOf(dataThrough) } }),
    {
      ...input().checks,
      ...limits,
    },
  );

/** The counts of some stations on some days, times a factor. */
const times = (
  factor: number,
  stations: readonly string[],
  when: (day: string) => boolean = isNew,
  rows: readonly CountRow[] = sound,
): CountRow[] =>
  rows.map(([id, day, count]) => [id, day, stations.includes(id) && when(day) ? count * factor : count]);

/** On the new days half of the stations count 10 and the others 190, in turn: every station's mean stays 100. */
const swapped = sound.map(([id, day, count]): CountRow => [
  id,
  day,
  isNew(day) ? ((ids.indexOf(id) + dayOf(day)) % 2 === 0 ? 10 : 190) : count,
]);

const cases: readonly { what: string; rows: CountRow[]; value: number; passed: boolean }[] = [
  { what: "all as before", rows: sound, value: 0, passed: true },
  { what: "two of ten dead", rows: times(0, ["a", "b"]), value: 20, passed: true },
  { what: "three of ten dead", rows: times(0, ["a", "b", "c"]), value: 30, passed: false },
  { what: "three of ten six times as high", rows: times(6, ["a", "b", "c"]), value: 30, passed: false },
  { what: "three of ten twice as high", rows: times(2, ["a", "b", "c"]), value: 0, passed: true },
  { what: "all at a tenth: that is the fleet's level", rows: times(0.1, ids), value: 0, passed: true },
  { what: "all at zero: that is the fleet's level", rows: times(0, ids), value: 0, passed: true },
  {
    what: "three of ten dead on the newest day of 31",
    rows: times(0, ["a", "b", "c"], (day) => day === "2026-05-31"),
    value: 1.1,
    passed: true,
  },
  {
    what: "three of ten dead lately, which the year before excuses: works are over",
    rows: times(0, ["a", "b", "c"], (day) => day > "2026-02-01" && !isNew(day)),
    value: 0,
    passed: true,
  },
  {
    what: "three of ten dead a year before, which the 8 weeks excuse",
    rows: times(0, ["a", "b", "c"], (day) => day < "2025-07-01"),
    value: 0,
    passed: true,
  },
  {
    what: "counters of 0 to 4 bikes that count nothing",
    rows: times(0, ["a", "b", "c"], isNew, fleet(4)),
    value: 0,
    passed: true,
  },
  {
    what: "three stations that are new",
    rows: sound.filter(([id, day]) => id > "c" || isNew(day)),
    value: 0,
    passed: true,
  },
  {
    what: "two of the remaining seven dead, with three that are new",
    rows: times(0, ["d", "e"]).filter(([id, day]) => id > "c" || isNew(day)),
    value: 28.6,
    passed: false,
  },
];

describe("stations far from their own level", () => {
  test.each(cases)("$what: $value percent, passed $passed", ({ rows, value, passed }) => {
    expect(found(rows)).toMatchObject({ value, passed, limit: 20 });
  });

  test("counts that move among the stations day by day show in the station-days", () => {
    expect(found(swapped)?.message).toMatch(/^50 % of 280 station-days from 2026-05-04 to 2026-05-31 /);
    expect(found(swapped)).toMatchObject({ value: 50, passed: false });
    const withNew = [...swapped, ...everyDay("k", "2026-05-01", constant(100, 31))];
    expect(found(withNew)?.message).toContain("50 % of 280 station-days");
  });

  test("28 spoilt days show at the end of ninety", () => {
    const spoilt = times(0, ["a", "b", "c"], (day) => day >= "2026-05-04");
    expect(found(spoilt, {}, "2026-03-02")).toMatchObject({ value: 30, passed: false });
  });

  test("says which share, which days, the farthest station and what to do", () => {
    const spoilt = times(0, ["a", "b"], isNew, times(0.1, ["c"]));
    expect(found(spoilt)?.message).toBe(
      "30 % of 10 stations from 2026-05-04 to 2026-05-31 counted less than 33 % or more than 300 % of what was to be expected from their earlier level and the fleet's days, the farthest was a with 0 a day instead of 100; expected at most 20 %: correct the import of counts, or take known outages out with source.exclude",
    );
  });

  test("limits are configuration", () => {
    const dead = times(0, ["a", "b", "c"]);
    expect(found(dead, { maxOffStationsPercent: 30 })?.passed).toBe(true);
    expect(found(times(2.6, ["a", "b", "c"]), { maxStationLevelPercent: 150 })).toMatchObject({ value: 30 });
    expect(found(times(0.4, ["a", "b", "c"]), { minStationLevelPercent: 60 })).toMatchObject({ value: 30 });
    expect(found(dead, { minStationLevelPercent: 0 })).toMatchObject({ value: 0 });
  });

  test.each([
    { what: "nothing new", rows: sound, dataThrough: "2026-05-31" },
    {
      what: "only stations that are new",
      rows: sound.filter(([, day]) => isNew(day)),
      dataThrough: "2026-04-30",
    },
  ])("$what: not asked", ({ rows, dataThrough }) => {
    expect(found(rows, {}, dataThrough)).toBeUndefined();
  });

  test("a first run: not asked", () => {
    expect(stationLevel(facts(sound), input().checks)).toBeUndefined();
  });
});
