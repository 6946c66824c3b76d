import { describe, expect, test } from "@jest/globals";

import type { Metrics } from "../../../contract/trainer-report.ts";
import type { ScoredStation } from "../../../trainer/evaluate/score.ts";
import { seriesOf, shownStations } from "../../../trainer/evaluate/series.ts";
import { cleanedOf, everyDay } from "../../support/builders.ts";

const metrics = (mae: number): Metrics => ({ n: 28, mae, rmse: mae, wapePercent: null, r2: null, bias: 0 });

/** Stations by their index, the worst first. */
const scored = (stations: readonly (readonly [mae: number, meanCount: number])[]): ScoredStation[] =>
  stations
    .map(([mae, meanCount], station) => ({
      station,
      meanCount,
      errors: { candidate: metrics(mae), naive: metrics(1) },
    }))
    .sort((a, b) => b.errors.candidate.mae - a.errors.candidate.mae);

describe("shownStations()", () => {
  test("are the five worst, then the biggest that are not among them", () => {
    const stations = scored([
      [90, 5000], // worst and biggest
      [80, 10],
      [70, 20],
      [60, 30],
      [50, 4000], // fifth worst and second biggest
      [40, 40],
      [30, 3000],
      [20, 2000],
      [10, 1000],
      [5, 999],
    ]);
    const shown = shownStations(stations);
    expect(shown.map(({ station, shownAs }) => `${shownAs} ${String(station)}`)).toEqual([
      "worst 0",
      "worst 1",
      "worst 2",
      "worst 3",
      "worst 4",
      "biggest 6",
      "biggest 7",
      "biggest 8",
      "biggest 9",
      "biggest 5",
    ]);
  });

  test("are all where there are few", () => {
    expect(shownStations(scored([[1, 1]]))).toEqual([{ station: 0, shownAs: "worst" }]);
    expect(shownStations([])).toEqual([]);
  });
});

describe("seriesOf()", () => {
  const { table, stations } = cleanedOf(
    [
      ...everyDay("a", "2026-06-01", [10, 20, 0, 0, 0, 0, 0, 5, 30]),
      ...everyDay("b", "2026-06-01", [100, 0, 0, 0, 0, 0, 40, 60]),
    ],
    { stationInfo: new Map([["a", { id: "a", name: "Arch", latitude: 1, longitude: 2 }]]) },
  );
  const candidate = Float32Array.of(4.5, 72.4, -3);
  const champion = Float32Array.of(1, 2, 3.4);
  const range = { from: 0, to: 3 };

  test("has counts and served predictions of the shown stations by day", () => {
    const shown = [{ station: 0, shownAs: "biggest" as const }];
    expect(seriesOf(table, { range, predictions: { candidate, champion } }, shown, stations)).toEqual([
      {
        station: "a",
        name: "Arch",
        shownAs: "biggest",
        days: ["2026-06-08", "2026-06-09"],
        actual: [5, 30],
        candidate: [4, 0],
        champion: [1, 3],
      },
    ]);
  });

  test("says nothing of a champion where there is none", () => {
    const shown = [{ station: 1, shownAs: "worst" as const }];
    expect(seriesOf(table, { range, predictions: { candidate } }, shown, stations)).toEqual([
      { station: "b", shownAs: "worst", days: ["2026-06-08"], actual: [60], candidate: [72] },
    ]);
  });
});
