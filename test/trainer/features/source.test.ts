import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { DayWeather } from "../../../trainer/clean/clean-weather.ts";
import { dayOf, dayText, plusDays } from "../../../trainer/days.ts";
import { columnOf, featureNames, type FeatureName } from "../../../trainer/features/names.ts";
import {
  allRows,
  FeatureSource,
  type FeatureBatch,
  type RowRange,
} from "../../../trainer/features/source.ts";
import { rowsOf, type TrainingTable } from "../../../trainer/features/training-table.ts";
import { cleanedOf, constant, everyDay, mildDay, type CountRow } from "../../support/builders.ts";

const first = dayOf("2026-03-01");

/** Each row as one array: day, the 22 features, the label. */
const rowsIn = ({ rows, values, stride, labels, days }: FeatureBatch): number[][] =>
  Array.from({ length: rows }, (_, r) => [
    days[r] ?? NaN,
    ...featureNames.map((_name, f) => values[f * stride + r] ?? NaN),
    labels[r] ?? NaN,
  ]);

function batchesOf(source: FeatureSource): number[][][] {
  const batches: number[][][] = [];
  for (let batch = source.next(); batch !== undefined; batch = source.next()) batches.push(rowsIn(batch));
  return batches;
}

const rowsBetween = (table: TrainingTable, range: RowRange, batchRows: number): number[][] =>
  batchesOf(new FeatureSource(table, range, batchRows)).flat();

/** Histories with gaps, silent stations and days without weather. */
const tables = fc
  .record({
    present: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 3 })), {
      selector: String,
      minLength: 30,
      maxLength: 104,
    }),
    weatherless: fc.uniqueArray(fc.integer({ min: 0, max: 25 }), { maxLength: 5 }),
  })
  .map(({ present, weatherless }) => {
    const rows = present.map(([offset, station], i): CountRow => [
      `s${String(station)}`,
      dayText(plusDays(first, offset)),
      i,
    ]);
    const dark = new Set<number>(weatherless.map((offset) => first + offset));
    return cleanedOf(rows, { weatherOf: (day) => (dark.has(day) ? undefined : mildDay) }).table;
  });

describe("FeatureSource", () => {
  test("gives the same rows in batches of any size", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 120 }), (table, batchRows) => {
        const batches = batchesOf(new FeatureSource(table, allRows(table), batchRows));
        expect(batches.flat()).toEqual(rowsBetween(table, allRows(table), 1000));
        expect(batches.flat()).toHaveLength(rowsOf(table));
        for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(batchRows);
      }),
    );
  });

  test("gives any range of rows as that part of all rows", () => {
    fc.assert(
      fc.property(tables, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (table, a, b, batchRows) => {
        const rows = rowsOf(table);
        const [from = 0, to = 0] = [a % (rows + 1), b % (rows + 1)].sort((x, y) => x - y);
        const all = rowsBetween(table, allRows(table), 1000);
        expect(rowsBetween(table, { from, to }, batchRows)).toEqual(all.slice(from, to));
      }),
    );
  });

  test("rows come by day, then by station", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const keys = rowsBetween(table, allRows(table), 7).map(
          ([day = 0, station = 0]) => day * 10 + station,
        );
        expect(keys).toEqual(keys.toSorted((a, b) => a - b));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe("the batches of a FeatureSource", () => {
  test("starts again after a reset, wherever it stands", () => {
    const { table } = cleanedOf(everyDay("a", "2026-03-01", constant(5, 20)));
    const source = new FeatureSource(table, { from: 2, to: 11 }, 4);
    source.next();
    source.reset();
    const once = batchesOf(source);
    source.reset();
    expect(batchesOf(source)).toEqual(once);
    expect(once.map((batch) => batch.length)).toEqual([4, 4, 1]);
    expect(source.next()).toBeUndefined();
  });

  test("a batch stays as it is until the call after the next, also across a reset", () => {
    const { table } = cleanedOf(
      everyDay(
        "a",
        "2026-03-01",
        Array.from({ length: 30 }, (_, i) => i),
      ),
    );
    const source = new FeatureSource(table, allRows(table), 5);
    let last: { batch: FeatureBatch; rows: number[][] } | undefined;
    for (let pass = 0; pass < 3; pass++) {
      for (let batch = source.next(); batch !== undefined; batch = source.next()) {
        expect(last === undefined ? undefined : rowsIn(last.batch)).toEqual(last?.rows);
        last = { batch, rows: rowsIn(batch) };
      }
      source.reset();
    }
  });

  test("a range beyond the table is refused instead of searched for ever", () => {
    const { table } = cleanedOf(everyDay("a", "2026-03-01", constant(5, 10)));
    expect(() => new FeatureSource(table, { from: 0, to: 4 }, 4)).toThrow("has 3 rows; asked for 0 to 4");
    expect(() => new FeatureSource(table, { from: -1, to: 2 }, 4)).toThrow(RangeError);
  });

  test("an empty range has no batch", () => {
    const { table } = cleanedOf(everyDay("a", "2026-03-01", constant(5, 20)));
    expect(rowsBetween(table, { from: 3, to: 3 }, 4)).toEqual([]);
    expect(batchesOf(new FeatureSource(cleanedOf([]).table, { from: 0, to: 0 }, 4))).toEqual([]);
  });
});

const rows = everyDay("b", "2026-07-07", [3, 5, 8, 13, 21, 34, 55, 89]);
const featuresOf = (weather: Partial<DayWeather> = {}, holiday = false) => {
  const { table } = cleanedOf([...rows, ...everyDay("a", "2026-07-07", constant(1, 8))], {
    weatherOf: () => ({ ...mildDay, ...weather }),
    isHoliday: () => holiday,
    stationInfo: new Map([["b", { id: "b", latitude: 43.6, longitude: 3.9 }]]),
    allowPartialWeather: true,
  });
  const batch = new FeatureSource(table, allRows(table), 10).next();
  return (name: FeatureName) => batch?.values[columnOf(name) * batch.stride + 1] ?? NaN;
};

describe("the features of a row", () => {
  test("stand in the contract's order and are float32", () => {
    const feature = featuresOf({ avgTemp: 24.6, precipitation: 0.1, wind: 18.7 });
    const week = 2 * Math.PI * (1 / 7);
    expect(featureNames.map(feature)).toEqual(
      [
        1,
        43.6,
        3.9,
        24.6,
        0.1,
        18.7,
        1,
        195,
        7,
        2026,
        0,
        0,
        Math.sin(week),
        Math.cos(week),
        Math.sin(Math.PI),
        -1,
      ]
        .concat([0, 0, 0, 0, 55, 3])
        .map(Math.fround),
    );
  });

  test.each<{ when: string; weather: Partial<DayWeather>; flags: [number, number, number, number] }>([
    {
      when: "at the limits: strictly",
      weather: { precipitation: 1, avgTemp: 5, wind: 30 },
      flags: [0, 0, 0, 0],
    },
    { when: "at the hot limit", weather: { avgTemp: 30 }, flags: [0, 0, 0, 0] },
    { when: "just above", weather: { precipitation: 1.1, avgTemp: 30.1, wind: 30.1 }, flags: [1, 0, 1, 1] },
    { when: "just below", weather: { avgTemp: 4.9 }, flags: [0, 1, 0, 0] },
    { when: "unknown: 0", weather: { precipitation: NaN, avgTemp: NaN }, flags: [0, 0, 0, 0] },
    { when: "wind unknown: 0", weather: { precipitation: 9, wind: NaN }, flags: [1, 0, 0, 0] },
  ])("is_rainy, is_cold, is_hot, is_windy $when", ({ weather, flags }) => {
    const feature = featuresOf(weather);
    expect((["is_rainy", "is_cold", "is_hot", "is_windy"] as const).map(feature)).toEqual(flags);
  });

  test("unknown values stay NaN in the matrix", () => {
    const feature = featuresOf({ wind: NaN });
    expect(feature("vent_max")).toBeNaN();
  });

  test("a holiday is one", () => {
    expect(featuresOf({}, true)("is_holiday")).toBe(1);
  });
});
