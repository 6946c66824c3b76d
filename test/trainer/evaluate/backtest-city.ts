import type { Parameters } from "../../../contract/trainer-report.ts";
import { dayOf, dayText, plusDays } from "../../../trainer/days.ts";
import { served } from "../../../trainer/evaluate/metrics.ts";
import { columnOf } from "../../../trainer/features/names.ts";
import { FeatureSource, type RowRange } from "../../../trainer/features/source.ts";
import { rowsOf, type TrainingTable } from "../../../trainer/features/training-table.ts";
import { gridTable } from "../../../trainer/search/candidates.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";
import type { BacktestWork } from "../../../trainer/stages/backtest.ts";
import type { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { cleanedOf, everyDay, mildDay } from "../../support/builders.ts";

export const stations = 4;
/** Seven for lags, 180 before the oldest of three windows, and the gate window. */
const days = 7 + 180 + 4 * 28;
/** The last station begins so many days before the end: its first rows are in the newest window. */
const lateDays = 28 + 21;

/** Counts with a week, a season and a little noise, without randomness. */
export function backtestTable(): TrainingTable {
  const counts = (station: number, from: number): number[] =>
    Array.from({ length: days - from }, (_, i) => {
      const [day, week] = [from + i, (from + i) % 7 < 5 ? 80 : 0];
      return 200 * (station + 1) + week + Math.round(60 * Math.sin(day / 40)) + ((day * 7919 + station) % 31);
    });
  const since = (station: number, from: number) =>
    everyDay(
      `station ${String(station)}`,
      dayText(plusDays(dayOf("2025-01-01"), from)),
      counts(station, from),
    );
  const rows = Array.from({ length: stations }, (_, station) => since(station, 0)).flat();
  return cleanedOf([...rows, ...since(stations, days - lateDays)], { weatherOf: () => mildDay }).table;
}

export const deep: Parameters = { maxDepth: 4, learningRate: 0.3, rounds: 20 };
export const shallow: Parameters = { maxDepth: 2, learningRate: 0.3, rounds: 12 };

/** The first fold alone prefers `deep`, the first two `shallow`, all three `deep` again. */
export function backtestSearch(table: TrainingTable): BacktestWork["search"] {
  const rmse = { deep: [10, 30, 1], shallow: [12, 12, 90] };
  const scores = [0, 1, 2].flatMap((fold) => [
    { ...deep, fold, rmse: rmse.deep[fold] ?? NaN },
    { ...shallow, fold, rmse: rmse.shallow[fold] ?? NaN },
  ]);
  return { table: gridTable(scores, 3), folds: timeSeriesFolds(rowsOf(table), 3) };
}

/** MAE of a model on the rows of the first stations, trained by itself on all rows before the range. */
export async function maeAlone(
  table: TrainingTable,
  pool: TrainingPool,
  range: RowRange,
  { maxDepth, learningRate, rounds }: Parameters,
): Promise<number> {
  const parameters = { maxDepth, learningRate, seed: 0, nthread: 1 };
  const { model } = await pool.fit({ range: { from: 0, to: range.from }, parameters, rounds });
  const predictions = await pool.predict(model, range);
  const batch = new FeatureSource(table, range, range.to - range.from).next();
  if (batch === undefined) throw new Error("There are no rows to score");
  const { values, labels } = batch;
  const errors = [...predictions.keys()]
    .filter((row) => (values[columnOf("station_id") * batch.stride + row] ?? NaN) < stations)
    .map((row) => Math.abs(served(predictions[row] ?? NaN) - (labels[row] ?? NaN)));
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** The same table with every count from row `row`'s day on changed. */
export function changedFrom(table: TrainingTable, row: number): TrainingTable {
  const day = table.rowsBefore.findIndex((before) => before >= row);
  const count = new Float32Array(new SharedArrayBuffer(4 * table.count.length));
  count.set(table.count);
  for (let entry = table.start[day] ?? Infinity; entry < count.length; entry++) {
    count[entry] = 3 * (count[entry] ?? NaN) + (entry % 17);
  }
  return { ...table, count };
}
