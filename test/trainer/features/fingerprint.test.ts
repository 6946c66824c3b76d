import { describe, expect, test } from "@jest/globals";

import type { CleanInput } from "../../../trainer/clean/clean.ts";
import { dayOf } from "../../../trainer/days.ts";
import { dataFingerprint } from "../../../trainer/features/fingerprint.ts";
import { recipeFingerprint } from "../../../trainer/features/recipe.ts";
import { cleanedOf, everyDay, input, mildDay, type CountRow } from "../../support/builders.ts";

const rows: CountRow[] = [
  ...everyDay("a", "2026-06-01", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
  ...everyDay("b", "2026-06-01", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
];
const places = (latitude: number, longitude: number): Partial<CleanInput> => ({
  stationInfo: new Map([["b", { id: "b", latitude, longitude }]]),
});

const fingerprint = (counts: readonly CountRow[], differs: Partial<CleanInput> = {}): string => {
  const { table, stations } = cleanedOf(counts, differs);
  return dataFingerprint(
    table,
    stations.map(({ id }) => id),
  );
};
const renamed = (from: string, to: string): CountRow[] =>
  rows.map(([id, day, count]) => [id === from ? to : id, day, count]);
const changed = (day: string, count: number): CountRow[] =>
  rows.map((row) => (row[0] === "a" && row[1] === day ? ["a", day, count] : row));
const weatherOn = (day: string, weather: Partial<typeof mildDay>): Partial<CleanInput> => ({
  weatherOf: (each) => (each === dayOf(day) ? { ...mildDay, ...weather } : mildDay),
});

describe("dataFingerprint()", () => {
  test("is a SHA-256, the same for the same table", () => {
    expect(fingerprint(rows)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint(rows.toReversed())).toBe(fingerprint(rows));
  });

  test.each<{ what: string; counts?: CountRow[]; differs?: Partial<CleanInput> }>([
    { what: "a count", counts: changed("2026-06-09", 10) },
    { what: "a count that is only yesterday's", counts: changed("2026-06-07", 8) },
    { what: "a count that is only last week's", counts: changed("2026-06-01", 2) },
    { what: "a temperature", differs: weatherOn("2026-06-09", { avgTemp: 16 }) },
    { what: "a precipitation", differs: weatherOn("2026-06-08", { precipitation: 0.1 }) },
    { what: "a wind", differs: weatherOn("2026-06-08", { wind: 11 }) },
    { what: "a latitude", differs: places(43.6, NaN) },
    { what: "a longitude", differs: places(NaN, 3.9) },
    { what: "a station's id", counts: renamed("a", "aa") },
    { what: "the days", counts: rows.map(([id, day, count]) => [id, day.replace("-06-", "-07-"), count]) },
    { what: "one row less", counts: rows.filter((row) => !(row[0] === "a" && row[1] === "2026-06-09")) },
  ])("is another one when $what changes", ({ counts = rows, differs = {} }) => {
    expect(fingerprint(counts, differs)).not.toBe(fingerprint(rows));
  });

  test("latitude and longitude are told apart", () => {
    expect(fingerprint(rows, places(3.9, 43.6))).not.toBe(fingerprint(rows, places(43.6, 3.9)));
  });

  test("does not change with what no training row depends on", () => {
    const unused = weatherOn("2026-06-03", { avgTemp: 40 });
    expect(fingerprint(rows, unused)).toBe(fingerprint(rows));
    expect(fingerprint([...rows, ["c", "2026-06-09", 5]])).toBe(fingerprint(rows));
  });
});

describe("recipeFingerprint()", () => {
  const recipe = (spec: Parameters<typeof input>[0] = {}, library = "3.4.1"): string =>
    recipeFingerprint(input(spec), library);

  test.each([
    { what: "the grid", with: recipe({ training: { grid: { maxDepth: [3] } } }) },
    { what: "the seed", with: recipe({ training: { seed: 1 } }) },
    { what: "the holidays' country", with: recipe({ features: { holidayCountry: "DE" } }) },
    { what: "the blacklist", with: recipe({ source: { blacklist: [] } }) },
    { what: "an exclusion", with: recipe({ source: { exclude: [{ to: "2026-01-01", why: "works" }] } }) },
    { what: "the mapping", with: recipe({ source: { columns: { weather: { wind: "gusts" } } } }) },
    { what: "the time zone", with: recipe({ source: { timeZone: "UTC" } }) },
    { what: "the library", with: recipe({}, "3.4.2") },
    { what: "the threads", with: recipe({ training: { threads: 4 } }) },
  ])("is another one when $what changes", ({ with: other }) => {
    expect(other).not.toBe(recipe());
  });

  test.each([
    { what: "the clock", with: recipe({ source: { asOf: "2026-12-01T01:00:00Z" } }) },
    {
      what: "the span, which shows in the data",
      with: recipe({ source: { since: "P3Y", until: "2026-12-01" } }),
    },
    {
      what: "who asked and the limits of the gate",
      with: recipe({ requestedBy: "me", checks: { minRows: 5 } }),
    },
  ])("does not change with $what", ({ with: other }) => {
    expect(other).toBe(recipe());
  });

  test("does not depend on the order in which fields were written", () => {
    const { training, ...rest } = input();
    const shuffled = {
      training: Object.fromEntries(Object.entries(training).toReversed()) as typeof training,
      ...rest,
    };
    expect(recipeFingerprint(shuffled, "3.4.1")).toBe(recipe());
  });
});
