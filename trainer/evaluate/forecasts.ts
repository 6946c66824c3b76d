import type { Day } from "../days.ts";
import { columnOf } from "../features/names.ts";
import { FeatureSource, type FeatureBatch, type RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { served } from "./metrics.ts";

/** Raw predictions, one a row of the range that they were made for. */
export interface Predictions {
  readonly candidate: Float32Array;
  readonly champion?: Float32Array | undefined;
}

/** The count of a row beside everything that was forecast for it, as served. */
export interface Forecast {
  readonly day: Day;
  /** Index in the table's stations. */
  readonly station: number;
  readonly actual: number;
  readonly candidate: number;
  readonly champion: number | undefined;
  /** mean(lag_1, lag_7) */
  readonly naive: number;
  /** lag_7 */
  readonly lastWeek: number;
}

const batchRows = 8192;
const [stationColumn, lag1, lag7] = [columnOf("station_id"), columnOf("lag_1"), columnOf("lag_7")];

/** Calls `visit` for every row of the range, in the table's order. No row outlives its visit. */
export function forEachForecast(
  table: TrainingTable,
  range: RowRange,
  predictions: Predictions,
  visit: (forecast: Forecast) => void,
): void {
  const source = new FeatureSource(table, range, batchRows);
  let row = 0;
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    for (let r = 0; r < batch.rows; r++) visit(forecastOf(batch, r, row++, predictions));
  }
}

function forecastOf(batch: FeatureBatch, r: number, row: number, predictions: Predictions): Forecast {
  const { values, stride, labels, days } = batch;
  const valueOf = (column: number): number => values[column * stride + r] ?? Number.NaN;
  const { candidate, champion } = predictions;
  return {
    day: days[r] as Day,
    station: valueOf(stationColumn),
    actual: labels[r] ?? Number.NaN,
    candidate: servedAt(candidate, row),
    champion: champion && servedAt(champion, row),
    naive: served((valueOf(lag1) + valueOf(lag7)) / 2),
    lastWeek: served(valueOf(lag7)),
  };
}

const servedAt = (raw: Float32Array, row: number): number => served(raw[row] ?? Number.NaN);
