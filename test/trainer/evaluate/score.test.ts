import { describe, expect, test } from "@jest/globals";

import { judgedRows, trainedBefore } from "../../../trainer/evaluate/judged.ts";
import { namedError, scoreRange } from "../../../trainer/evaluate/score.ts";
import { lastDays, type Window } from "../../../trainer/evaluate/window.ts";
import { allRows } from "../../../trainer/features/source.ts";
import { rowsOf } from "../../../trainer/features/training-table.ts";
import { cleanedOf, constant, everyDay, type CountRow } from "../../support/builders.ts";

const counts: CountRow[] = [
  ...everyDay("a", "2026-06-01", [10, 20, 0, 0, 0, 0, 0, 5, 30]), // rows: 5 (lags 0, 10) and 30 (lags 5, 20)
  ...everyDay("b", "2026-06-01", [100, 0, 0, 0, 0, 0, 40, 60]), // row: 60 (lags 40, 100)
];
const { table, stations } = cleanedOf(counts, {
  stationInfo: new Map([["b", { id: "b", name: "Bridge", latitude: 1, longitude: 2 }]]),
});
const candidate = Float32Array.of(4.5, 72.4, -3);

describe("scoreRange()", () => {
  const scores = scoreRange(table, allRows(table), { candidate });

  test("compares served predictions with mean(lag_1, lag_7) and lag_7 on the same rows", () => {
    // predicted 4, 72, 0 of 5, 60, 30; naive 5, 70, 12 (12.5 to even); last week 10, 100, 20
    expect(scores.candidate).toMatchObject({ n: 3, mae: 43 / 3, bias: -19 / 3 });
    expect(scores.naive).toMatchObject({ n: 3, mae: 28 / 3 });
    expect(scores.lastWeek).toMatchObject({ n: 3, mae: 55 / 3 });
    expect(scores.skillPercent).toBeCloseTo(100 * (1 - 43 / 28), 10);
  });

  test("says nothing of a champion where there is none", () => {
    expect(scores).not.toHaveProperty("champion");
    expect(scores.days).toEqual([]);
    expect(scores.unknown).toBeUndefined();
  });

  test("names each station, the worst first", () => {
    const lines = scores.stations.map((station) => namedError(station, stations));
    expect(
      lines.map(({ station, name, candidate: { mae }, naive }) => [station, name, mae, naive.mae]),
    ).toEqual([
      ["a", undefined, 15.5, 9],
      ["b", "Bridge", 12, 10],
    ]);
    expect(lines.map(({ days }) => days)).toEqual([2, 1]);
    expect(scores.stations.map(({ meanCount }) => meanCount)).toEqual([17.5, 60]);
  });

  test("takes predictions in the order of the range's rows and leaves silent stations out", () => {
    const last = scoreRange(table, { from: 2, to: 3 }, { candidate: Float32Array.of(30) });
    expect(last.candidate).toMatchObject({ n: 1, mae: 0 });
    expect(last.stations.map(({ station }) => stations[station]?.id)).toEqual(["a"]);
  });

  test("a naive forecast that cannot be beaten leaves no skill", () => {
    const { table: flat } = cleanedOf(everyDay("a", "2026-06-01", constant(7, 8)));
    expect(scoreRange(flat, allRows(flat), { candidate: Float32Array.of(9) }).skillPercent).toBe(0);
  });

  test("splits by month", () => {
    const { table: two } = cleanedOf(everyDay("a", "2026-05-20", constant(10, 16))); // rows 27 May to 4 June
    const raw = Float32Array.from({ length: rowsOf(two) }, (_, row) => (row < 5 ? 12 : 7));
    expect(scoreRange(two, allRows(two), { candidate: raw }).months).toMatchObject([
      { month: "2026-05", candidate: { n: 5, mae: 2, bias: 2 }, naive: { n: 5, mae: 0 } },
      { month: "2026-06", candidate: { n: 4, mae: 3, bias: -3 }, naive: { n: 4, mae: 0 } },
    ]);
  });
});

describe("scoreRange() with a champion", () => {
  const champion = Float32Array.of(8.2, 59.6, 20); // served 8, 60, 20: errors 3, 0, 10
  const scores = scoreRange(table, allRows(table), { candidate, champion });

  test("scores it on the same rows", () => {
    expect(scores.champion).toMatchObject({ n: 3, mae: 13 / 3, bias: -7 / 3 });
    expect(scores.candidate.n).toBe(3);
    expect(scores.stations.map(({ errors }) => errors.champion?.mae)).toEqual([6.5, 0]);
    expect(scores.months[0]?.champion?.mae).toBe(13 / 3);
  });

  test("keeps each day's part of the difference", () => {
    expect(scores.days).toEqual([
      { rows: 2, absolute: 1 - 3 + 12 - 0 }, // 8 June: a and b
      { rows: 1, absolute: 30 - 10 }, // 9 June: a
    ]);
  });

  test("leaves a station that is not judged out of every figure but its own line", () => {
    const judged = scoreRange(table, allRows(table), { candidate, champion }, (station) => station !== 0);
    expect([judged.candidate.n, judged.champion?.n, judged.naive.n, judged.lastWeek.n]).toEqual([1, 1, 1, 1]);
    expect(judged.candidate.mae).toBe(12);
    expect(judged.stations.map(({ station }) => station)).toEqual([1]);
    expect(judged.months.map((month) => month.naive.n)).toEqual([1]);
    expect(judged.days).toEqual([{ rows: 1, absolute: 12 }]);
    expect(judged.unknown).toMatchObject({ stations: 1, naive: { n: 2, mae: 9 } });
  });
});

/** Station b begins to count on 20 June: its first row is of 27 June. */
const late = cleanedOf([
  ...everyDay("a", "2026-06-01", constant(1, 40)),
  ...everyDay("b", "2026-06-20", constant(2, 21)),
]).table;

describe("judged stations", () => {
  test.each([
    { days: 14, b: false, judged: { rows: 14, days: 14 } },
    { days: 13, b: true, judged: { rows: 26, days: 13 } },
  ])("are those with a row before the window of $days days", ({ days, b, judged }) => {
    const window = lastDays(late, days) as Window;
    const isJudged = trainedBefore(late, window.rows.from);
    expect([0, 1].map(isJudged)).toEqual([true, b]);
    expect(judgedRows(late, window, isJudged)).toEqual(judged);
  });

  test("are none before the first row, and on no row", () => {
    expect([0, 1].map(trainedBefore(late, 0))).toEqual([false, false]);
    expect(judgedRows(late, { rows: { from: 5, to: 5 } }, () => true)).toEqual({ rows: 0, days: 0 });
  });
});
