import { describe, expect, test } from "@jest/globals";

import { dayOf, dayText } from "../../../trainer/days.ts";
import { scoreRange } from "../../../trainer/evaluate/score.ts";
import { dayOfRow, lastDays, lastDayWithRows } from "../../../trainer/evaluate/window.ts";
import { allRows } from "../../../trainer/features/source.ts";
import { rowsOf } from "../../../trainer/features/training-table.ts";
import { cleanedOf, constant, everyDay, mildDay, type CountRow } from "../../support/builders.ts";

/** Station a: rows from 8 June to 10 July. Station b: from 8 June to 20 June. The last five days of a have no weather. */
const rows: CountRow[] = [
  ...everyDay("a", "2026-06-01", constant(1, 45)),
  ...everyDay("b", "2026-06-01", constant(2, 20)),
];
const { table } = cleanedOf(rows, { weatherOf: (day) => (day > dayOf("2026-07-10") ? undefined : mildDay) });

describe("lastDays()", () => {
  test.each([
    { days: 1, from: "2026-07-10", rows: 1 },
    { days: 20, from: "2026-06-21", rows: 20 },
    { days: 21, from: "2026-06-20", rows: 22 },
    { days: 33, from: "2026-06-08", rows: 46 },
    { days: 400, from: "2025-06-06", rows: 46 },
  ])("$days days are whole days up to the last with a row", ({ days, from, rows: count }) => {
    const window = lastDays(table, days);
    expect(window && { ...window, from: dayText(window.from), to: dayText(window.to) }).toEqual({
      from,
      to: "2026-07-10",
      rows: { from: 46 - count, to: 46 },
    });
  });

  test("a table without rows has no window", () => {
    const { table: empty } = cleanedOf(everyDay("a", "2026-06-01", constant(1, 7)));
    expect(lastDays(empty, 28)).toBeUndefined();
    expect(lastDayWithRows(empty)).toBeUndefined();
  });
});

describe("dayOfRow()", () => {
  test.each([
    { row: 0, day: "2026-06-08" },
    { row: 1, day: "2026-06-08" },
    { row: 2, day: "2026-06-09" },
    { row: 25, day: "2026-06-20" },
    { row: 26, day: "2026-06-21" },
    { row: 45, day: "2026-07-10" },
  ])("row $row is of $day", ({ row, day }) => {
    expect(rowsOf(table)).toBe(46);
    expect(dayText(dayOfRow(table, row))).toBe(day);
  });
});

describe("scoreRange()", () => {
  const counts: CountRow[] = [
    ...everyDay("a", "2026-06-01", [10, 20, 0, 0, 0, 0, 0, 5, 30]), // rows: 5 (lags 0, 10) and 30 (lags 5, 20)
    ...everyDay("b", "2026-06-01", [100, 0, 0, 0, 0, 0, 40, 60]), // row: 60 (lags 40, 100)
  ];
  const { table: few, stations } = cleanedOf(counts, {
    stationInfo: new Map([["b", { id: "b", name: "Bridge", latitude: 1, longitude: 2 }]]),
  });
  const scores = scoreRange(few, allRows(few), Float32Array.of(4.5, 72.4, -3), stations);

  test("compares served predictions with mean(lag_1, lag_7) and lag_7 on the same rows", () => {
    // predicted 4, 72, 0 of 5, 60, 30; naive 5, 70, 12 (12.5 to even); last week 10, 100, 20
    expect(scores.candidate).toMatchObject({ n: 3, mae: 43 / 3, bias: -19 / 3 });
    expect(scores.naive).toMatchObject({ n: 3, mae: 28 / 3 });
    expect(scores.lastWeek).toMatchObject({ n: 3, mae: 55 / 3 });
    expect(scores.skillPercent).toBeCloseTo(100 * (1 - 43 / 28), 10);
  });

  test("names each station, the worst first", () => {
    expect(
      scores.stations.map(({ station, name, candidate, naive }) => [station, name, candidate.mae, naive.mae]),
    ).toEqual([
      ["a", undefined, 15.5, 9],
      ["b", "Bridge", 12, 10],
    ]);
  });

  test("takes predictions in the order of the range's rows and leaves silent stations out", () => {
    const last = scoreRange(few, { from: 2, to: 3 }, Float32Array.of(30), stations);
    expect(last.candidate).toMatchObject({ n: 1, mae: 0 });
    expect(last.stations.map(({ station }) => station)).toEqual(["a"]);
  });

  test("a naive forecast that cannot be beaten leaves no skill", () => {
    const { table: flat, stations: ofFlat } = cleanedOf(everyDay("a", "2026-06-01", constant(7, 8)));
    expect(scoreRange(flat, allRows(flat), Float32Array.of(9), ofFlat).skillPercent).toBe(0);
  });
});
