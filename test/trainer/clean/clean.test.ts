import { describe, expect, test } from "@jest/globals";

import type { CleanInput } from "../../../trainer/clean/clean.ts";
import { isKnown } from "../../../trainer/clean/clean.ts";
import { dayOf, dayText, type Day } from "../../../trainer/days.ts";
import { columnOf } from "../../../trainer/features/names.ts";
import { allRows, FeatureSource } from "../../../trainer/features/source.ts";
import { cleanedOf, constant, everyDay, mildDay, type CountRow } from "../../support/builders.ts";

/** The training rows as `day id: count, lag_1, lag_7`. */
function rowsOf(rows: readonly CountRow[], differs: Partial<CleanInput> = {}): string[] {
  const { table, stations } = cleanedOf(rows, differs);
  const batch = new FeatureSource(table, allRows(table), 1000).next();
  if (batch === undefined) return [];
  return Array.from({ length: batch.rows }, (_, r) => {
    const value = (name: Parameters<typeof columnOf>[0]) =>
      batch.values[columnOf(name) * batch.stride + r] ?? 0;
    const id = stations[value("station_id")]?.id ?? "?";
    const day = dayText((batch.days[r] ?? 0) as Day);
    return `${day} ${id}: ${[batch.labels[r], value("lag_1"), value("lag_7")].map(String).join(", ")}`;
  });
}

const upTo = (days: number): number[] => Array.from({ length: days }, (_, i) => i + 1);
const without = (rows: readonly CountRow[], ...days: string[]) =>
  rows.filter(([, day]) => !days.includes(day));
const week = everyDay("a", "2026-06-01", upTo(9));

describe("lags", () => {
  test("are the counts of one and of seven days before", () => {
    expect(rowsOf(week)).toEqual(["2026-06-08 a: 8, 7, 1", "2026-06-09 a: 9, 8, 2"]);
  });

  test("are looked up by day: a missing day never makes a neighbour the lag", () => {
    expect(rowsOf(without(week, "2026-06-08"))).toEqual([]);
    expect(rowsOf(without(week, "2026-06-01"))).toEqual(["2026-06-09 a: 9, 8, 2"]);
    expect(rowsOf(without(week, "2026-06-04"))).toHaveLength(2);
  });

  test("are those of the same station", () => {
    const other = everyDay(
      "b",
      "2026-06-02",
      upTo(7).map((count) => 100 * count),
    );
    const both = [...week, ...other];
    expect(rowsOf(both)).toEqual(["2026-06-08 a: 8, 7, 1", "2026-06-09 a: 9, 8, 2"]);
    expect(rowsOf([...both, ["b", "2026-06-09", 900]])).toContain("2026-06-09 b: 900, 700, 100");
  });

  test("are not those of the next station where one's own is silent", () => {
    const silent = without(week, "2026-06-08");
    expect(rowsOf([...silent, ["b", "2026-06-08", 5]])).toEqual([]);
    expect(rowsOf([...without(week, "2026-06-02"), ["b", "2026-06-02", 5]])).not.toContain(
      "2026-06-09 a: 9, 8, 5",
    );
  });

  test("come from days without weather too", () => {
    const weatherOf = (day: Day) => (day >= dayOf("2026-06-09") ? mildDay : undefined);
    expect(rowsOf(week, { weatherOf })).toEqual(["2026-06-09 a: 9, 8, 2"]);
  });

  test("come from days before since, which have no rows themselves", () => {
    const { dropped } = cleanedOf(week, { since: dayOf("2026-06-09") });
    expect(rowsOf(week, { since: dayOf("2026-06-09") })).toEqual(["2026-06-09 a: 9, 8, 2"]);
    expect(dropped).toMatchObject({ no_weather: 0, no_lag: 0, training_rows: 1 });
  });

  test("a station with one single count has no row", () => {
    expect(cleanedOf([["a", "2026-06-01", 1]]).dropped).toMatchObject({ no_lag: 1, training_rows: 0 });
  });

  test("absurd dates are days like any other and cost nothing", () => {
    const rows: CountRow[] = [["a", "0001-01-01", 1], ...week, ["a", "9999-12-31", 1]];
    const { table, dropped } = cleanedOf(rows);
    expect(dropped).toMatchObject({ no_lag: 9, training_rows: 2 });
    expect(table.days).toHaveLength(11);
  });
});

describe("stations of the training table", () => {
  const long = (id: string, count = 1) => everyDay(id, "2026-06-01", constant(count, 8));

  test("are numbered in the byte order of their ids, not in JavaScript's", () => {
    const { stations } = cleanedOf(["\u{1F600}", "b", "\uFF5E", "B"].flatMap((id) => long(id)));
    expect(stations.map(({ id }) => id)).toEqual(["B", "b", "\uFF5E", "\u{1F600}"]);
  });

  test("without a training row get no number", () => {
    const rows: CountRow[] = [["a", "2026-06-08", 1], ...long("c", 3), ...long("b", 2)];
    const { stations, countedStations, table } = cleanedOf(rows);
    expect(stations.map(({ id }) => id)).toEqual(["b", "c"]);
    expect(countedStations).toEqual(["a", "b", "c"]);
    expect(table.coordinates).toHaveLength(4);
    expect(rowsOf(rows)).toEqual(["2026-06-08 b: 2, 2, 2", "2026-06-08 c: 3, 3, 3"]);
  });

  test("carry what counters_info says; who is not in it has unknown coordinates", () => {
    const stationInfo = new Map([["b", { id: "b", name: "Bridge", latitude: 43.5, longitude: 3.25 }]]);
    const { stations, table } = cleanedOf([...long("b"), ...long("a")], { stationInfo });
    expect(stations[1]).toEqual({ id: "b", name: "Bridge", latitude: 43.5, longitude: 3.25 });
    expect([...table.coordinates]).toEqual([NaN, NaN, 43.5, 3.25]);
  });
});

describe("blacklist and exclusions", () => {
  const both = [
    ...everyDay("a", "2026-06-01", constant(1, 10)),
    ...everyDay("b", "2026-06-01", constant(2, 10)),
  ];

  test("a blacklisted station is dropped with all its counts", () => {
    const { dropped, stations } = cleanedOf(both, { blacklist: ["b", "unheard of"] });
    expect(dropped).toMatchObject({ blacklisted: 10, excluded: 0, no_lag: 7, training_rows: 3 });
    expect(stations.map(({ id }) => id)).toEqual(["a"]);
  });

  test.each([
    {
      when: "a station's days, both ends included",
      rule: { stations: ["a"], from: "2026-06-02", to: "2026-06-03" },
      days: 2,
    },
    { when: "the whole fleet's", rule: { from: "2026-06-02", to: "2026-06-03" }, days: 4 },
    { when: "from the beginning", rule: { stations: ["a"], to: "2026-06-01" }, days: 1 },
    { when: "to the end", rule: { stations: ["a"], from: "2026-06-10" }, days: 1 },
    { when: "a whole station", rule: { stations: ["a"] }, days: 10 },
    { when: "nothing", rule: { from: "2027-01-01" }, days: 0 },
  ])("an exclusion takes out $when", ({ rule, days }) => {
    const { dropped, excluded } = cleanedOf(both, { exclude: [{ ...rule, why: "works" }] });
    expect(dropped.excluded).toBe(days);
    expect(excluded).toEqual([{ why: "works", stationDays: days }]);
  });

  test("an excluded count is nobody's lag", () => {
    const exclude = [{ from: "2026-06-01", to: "2026-06-01", why: "outage" }];
    expect(rowsOf(week, { exclude })).toEqual(["2026-06-09 a: 9, 8, 2"]);
  });

  test("each count is counted once: blacklist first, then the first exclusion", () => {
    const exclude = [
      { stations: ["a"], from: "2026-06-10", why: "first" },
      { from: "2026-06-09", why: "second" },
    ];
    const { dropped, excluded } = cleanedOf(both, { blacklist: ["b"], exclude });
    expect(dropped).toMatchObject({ blacklisted: 10, excluded: 2 });
    expect(excluded.map(({ stationDays }) => stationDays)).toEqual([1, 1]);
  });

  test("days before since are dropped alike but not counted", () => {
    const since = dayOf("2026-06-08");
    const exclude = [{ stations: ["a"], to: "2026-06-08", why: "outage" }];
    const { dropped } = cleanedOf(both, { since, exclude, blacklist: ["b"] });
    expect(dropped).toEqual({ blacklisted: 3, excluded: 1, no_weather: 0, no_lag: 2, training_rows: 0 });
  });
});

describe("weather", () => {
  test("a day counts only with temperature, precipitation and wind, unless a part is enough", () => {
    const weatherOf = (day: Day) => ({ ...mildDay, wind: day === dayOf("2026-06-08") ? NaN : 10 });
    expect(cleanedOf(week, { weatherOf }).dropped).toMatchObject({
      no_weather: 1,
      no_lag: 7,
      training_rows: 1,
    });
    expect(cleanedOf(week, { weatherOf, allowPartialWeather: true }).dropped).toMatchObject({
      no_weather: 0,
      training_rows: 2,
    });
  });

  test.each([
    { weather: undefined, whole: false, partly: false },
    { weather: mildDay, whole: true, partly: true },
    { weather: { ...mildDay, avgTemp: NaN }, whole: false, partly: true },
    { weather: { ...mildDay, precipitation: NaN }, whole: false, partly: true },
    { weather: { ...mildDay, wind: NaN }, whole: false, partly: true },
    { weather: { avgTemp: NaN, precipitation: NaN, wind: NaN }, whole: false, partly: false },
  ])("$weather is known: $whole, in part: $partly", ({ weather, whole, partly }) => {
    expect(isKnown(weather, false)).toBe(whole);
    expect(isKnown(weather, true)).toBe(partly);
  });
});
