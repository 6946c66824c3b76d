import { describe, expect, test } from "@jest/globals";

import { rowsRatio, stationsRatio } from "../../../trainer/checks/champion-ratios.ts";
import type { Facts } from "../../../trainer/checks/facts.ts";
import { dayOf } from "../../../trainer/days.ts";
import { facts, input, waterfall } from "../../support/builders.ts";

const limits = input().checks;
const champion = { version: "v1", rows: 2000, stations: 40, dataThrough: dayOf("2026-10-31") };
const withRows = (rows: number, differs: Partial<Facts> = {}): Facts =>
  facts([], { champion, waterfall: waterfall({ training_rows: rows, no_weather: 3000 }), ...differs });
const withStations = (trainingStations: number): Facts => facts([], { champion, trainingStations });

describe("training rows in percent of the current version's", () => {
  test.each([
    { rows: 2100, value: 105, passed: true },
    { rows: 1800, value: 90, passed: true },
    { rows: 1799, value: 89.9, passed: false },
    { rows: 0, value: 0, passed: false },
  ])("$rows of 2,000 are $value percent: passed $passed", ({ rows, value, passed }) => {
    expect(rowsRatio(withRows(rows), limits)).toMatchObject({ passed, value, limit: 90 });
  });

  test("says both numbers, whose they are, what most rows were lost to and what to do", () => {
    expect(rowsRatio(withRows(1200), limits)?.message).toBe(
      "1,200 training rows, 60 % of the 2,000 of version v1, expected at least 90 %; 3,000 have no weather on their day: check the import, source.since and source.exclude, or lower checks.minRowsPercent if it is meant",
    );
    expect(rowsRatio(withRows(2000), limits)?.message).toBe(
      "2,000 training rows, 100 % of the 2,000 of version v1",
    );
  });

  test("the limit is configuration", () => {
    expect(rowsRatio(withRows(1200), { ...limits, minRowsPercent: 60 })?.passed).toBe(true);
    expect(rowsRatio(withRows(1199), { ...limits, minRowsPercent: 60 })?.passed).toBe(false);
  });
});

describe("stations with training rows in percent of the current version's", () => {
  test.each([
    { stations: 41, value: 102.5, passed: true },
    { stations: 36, value: 90, passed: true },
    { stations: 35, value: 87.5, passed: false },
  ])("$stations of 40 are $value percent: passed $passed", ({ stations, value, passed }) => {
    expect(stationsRatio(withStations(stations), limits)).toMatchObject({ passed, value, limit: 90 });
  });

  test("says both numbers, whose they are and what to do", () => {
    expect(stationsRatio(withStations(20), limits)?.message).toBe(
      "20 stations with training rows, 50 % of the 40 of version v1, expected at least 90 %; check the import and source.blacklist, or lower checks.minStationsPercent if counters were taken away",
    );
  });

  test("the limit is configuration", () => {
    expect(stationsRatio(withStations(20), { ...limits, minStationsPercent: 50 })?.passed).toBe(true);
    expect(stationsRatio(withStations(19), { ...limits, minStationsPercent: 50 })?.passed).toBe(false);
  });
});

test("a first run has nothing to be compared with", () => {
  expect(rowsRatio(facts([]), limits)).toBeUndefined();
  expect(stationsRatio(facts([]), limits)).toBeUndefined();
});
