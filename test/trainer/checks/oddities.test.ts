import { describe, expect, test } from "@jest/globals";

import { coordinates, partialDays, stuckValues, zeroRuns } from "../../../trainer/checks/oddities.ts";
import { median } from "../../../trainer/checks/statistics.ts";
import type { Station } from "../../../trainer/clean/clean.ts";
import { constant, everyDay, facts, input, type CountRow } from "../../support/builders.ts";

type Limits = Partial<ReturnType<typeof input>["checks"]>;
const limits = (differs: Limits = {}) => ({ ...input().checks, ...differs });

/** Never the same count two days running. */
const lively = (days: number, from = "2026-01-01"): CountRow[] =>
  everyDay(
    "lively",
    from,
    Array.from({ length: days }, (_, i) => 100 + (i % 2)),
  );

describe("stuckValues", () => {
  const stuck = (days: number) => everyDay("stuck", "2026-03-02", [40, ...constant(41, days), 42]);

  test.each([
    { days: 2, passed: true, value: 0 },
    { days: 3, passed: false, value: 3 },
  ])("one count for $days days passes: $passed", ({ days, passed, value }) => {
    expect(stuckValues(facts([...lively(90), ...stuck(days)]), limits())).toMatchObject({
      passed,
      value,
      limit: 2,
    });
  });

  test("names the station, the count, the days and what to do", () => {
    const found = stuckValues(
      facts([...lively(90), ...stuck(5), ...everyDay("too", "2026-03-02", constant(7, 4))]),
      limits(),
    );
    expect(found?.message).toBe(
      "2 stations repeated one count for more than 2 days, the longest is stuck with 41 for 5 days from 2026-03-03; take outages out with source.exclude",
    );
  });

  test("a silent day, another count or another station ends the run", () => {
    const gap = [...everyDay("a", "2026-01-01", [5, 5]), ...everyDay("a", "2026-01-04", [5, 5])];
    const twoStations = [...everyDay("b", "2026-02-01", [9, 9]), ...everyDay("c", "2026-02-03", [9, 9])];
    expect(stuckValues(facts([...gap, ...twoStations]), limits())?.passed).toBe(true);
  });

  test("zeros are not stuck values", () => {
    expect(stuckValues(facts(everyDay("a", "2026-01-01", constant(0, 30))), limits())?.passed).toBe(true);
  });

  test("the limit is configuration, and the run may last to the last day", () => {
    const rows = everyDay("a", "2026-01-01", [1, ...constant(2, 4)]);
    expect(stuckValues(facts(rows), limits({ maxStuckDays: 4 }))?.passed).toBe(true);
    expect(stuckValues(facts(rows), limits({ maxStuckDays: 3 }))).toMatchObject({ passed: false, value: 4 });
  });
});

describe("zeroRuns", () => {
  test.each([
    { days: 19, passed: true },
    { days: 20, passed: false },
  ])("zero for $days days passes: $passed", ({ days, passed }) => {
    const rows = [...lively(90), ...everyDay("dead", "2026-02-01", [5, ...constant(0, days), 5])];
    const found = zeroRuns(facts(rows), limits());
    expect(found).toMatchObject({ passed, limit: 19 });
    expect(found?.message.includes("dead with 0 for 20 days from 2026-02-02")).toBe(!passed);
  });
});

describe("partialDays", () => {
  /** Three stations over ten weeks; on one day the fleet counts only a part. */
  const fleet = (percent: number, day = 35): CountRow[] =>
    ["a", "b", "c"].flatMap((id, station) =>
      everyDay(
        id,
        "2026-01-01",
        Array.from({ length: 70 }, (_, i) => (station + 1) * (i === day ? percent : 100)),
      ),
    );

  test.each([
    { percent: 15, passed: true, value: 0 },
    { percent: 14, passed: false, value: 1 },
    { percent: 0, passed: false, value: 1 },
  ])("a day of $percent percent of the weeks around passes: $passed", ({ percent, passed, value }) => {
    expect(partialDays(facts(fleet(percent)), limits())).toMatchObject({ passed, value, limit: 0 });
  });

  test("names the lowest day", () => {
    expect(partialDays(facts(fleet(3)), limits())?.message).toBe(
      "On 1 day the whole fleet counted less than 15 % of the weeks around, the lowest is 2026-02-05 with 3 %; take known outages out with source.exclude",
    );
  });

  test("is configuration", () => {
    expect(partialDays(facts(fleet(40)), limits({ partialDayPercent: 50 }))?.passed).toBe(false);
    expect(partialDays(facts(fleet(50)), limits({ partialDayPercent: 50 }))?.passed).toBe(true);
  });

  test("one silent station is not a partial day: a day is measured by the stations that counted", () => {
    const rows = fleet(100).filter(([id, day]) => id === "a" || day !== "2026-02-05");
    expect(partialDays(facts(rows), limits())?.passed).toBe(true);
  });

  test("without three comparable days nothing is said", () => {
    const short = everyDay("a", "2026-01-01", constant(100, 21)).map(([id, day, count]): CountRow => [
      id,
      day,
      day === "2026-01-10" ? 0 : count,
    ]);
    expect(partialDays(facts(short), limits())?.passed).toBe(true);
    expect(partialDays(facts(everyDay("a", "2026-01-01", constant(0, 70))), limits())?.passed).toBe(true);
  });
});

describe("coordinates", () => {
  const ids = ["a", "b", "c", "d", "e"];
  const rows = ids.flatMap((id) => everyDay(id, "2026-01-01", [1]));
  /** Degrees of latitude from the centre; a thousandth is 111 m. */
  const placed = (north: Readonly<Record<string, number>>): ReadonlyMap<string, Station> =>
    new Map(Object.entries(north).map(([id, shift]) => [id, { id, latitude: 43.6 + shift, longitude: 3.9 }]));
  // The median station is 0.01 degrees (1.1 km) from the centre.
  const usual = { a: 0, b: 0.01, c: -0.01, d: 0.02 };

  test.each([
    { e: -0.0499, passed: true },
    { e: -0.0501, passed: false },
    { e: NaN, passed: false },
  ])("a station $e degrees away passes: $passed", ({ e, passed }) => {
    expect(coordinates(facts(rows, { places: placed({ ...usual, e }) }), limits())).toMatchObject({
      passed,
      value: passed ? 0 : 1,
      limit: 0,
    });
  });

  test("a missing station is told like a far one", () => {
    const found = coordinates(facts(rows, { places: placed(usual) }), limits());
    expect(found?.message).toMatch(/: 1 station, e\.g\. e; correct counters_info$/);
    const far = coordinates(facts(rows, { places: placed({ ...usual, e: 1 }) }), limits());
    expect(far?.message).toContain("e.g. e (110.1 km)");
  });

  test("a fleet at one crossing has no outliers", () => {
    const crossing = { a: 0, b: 0, c: 0, d: 0, e: 0.02 };
    expect(coordinates(facts(rows, { places: placed(crossing) }), limits())?.passed).toBe(true);
  });

  test("a degree of longitude is shorter than one of latitude", () => {
    const east = new Map(
      ids.map((id, i) => [id, { id, latitude: 43.6, longitude: 3.9 + (i === 4 ? 0.04 : 0) }]),
    );
    const km = 0.04 * 111.2 * Math.cos((43.6 * Math.PI) / 180);
    expect(coordinates(facts(rows, { places: east }), limits())?.message).toContain(`(${km.toFixed(1)} km)`);
  });

  test("nobody minds where a station stands that has no counts left, as a blacklisted one", () => {
    const known = facts(rows, { places: placed({ ...usual, e: 0 }) });
    expect(coordinates({ ...known, ids: [...known.ids, "blacklisted"] }, limits())?.passed).toBe(true);
  });
});

test.each([
  { values: [], middle: NaN },
  { values: [3], middle: 3 },
  { values: [10, 1, 2], middle: 2 },
  { values: [4, 1, 2, 10], middle: 3 },
  { values: [NaN, 5, NaN], middle: 5 },
  { values: [1, 2, NaN, NaN], middle: 1.5 },
])("the median of $values is $middle", ({ values, middle }) => {
  expect(median(values)).toBe(middle);
});
