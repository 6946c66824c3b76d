import type { Day } from "../days.ts";
import { calendarFeatures } from "./calendar.ts";
import { LagEntries } from "./lags.ts";
import { columnOf, featureNames, type FeatureName } from "./names.ts";
import { rowsOf, type TrainingTable } from "./training-table.ts";

/** Rows of the matrix; only the first `rows` of each column count. Valid until the call of next() after the next. */
export interface FeatureBatch {
  readonly rows: number;
  /** Column-major: feature f of row r stands at `f * stride + r`. NaN is missing. */
  readonly values: Float32Array;
  readonly stride: number;
  readonly labels: Float32Array;
  readonly days: Int32Array;
}

export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export const allRows = (table: TrainingTable): RowRange => ({ from: 0, to: rowsOf(table) });

const column = Object.fromEntries(featureNames.map((name) => [name, columnOf(name)])) as Record<
  FeatureName,
  number
>;
const strictlyAbove = (value: number, limit: number): number => (value > limit ? 1 : 0); // false for NaN

/**
 * Generates the rows of a range batch by batch, as often as asked: xgboost passes over them several times, and
 * generating 22 columns again is cheaper than 88 bytes a row. Two buffers alternate, because the library reads a
 * batch until it has asked for the next one.
 */
export class FeatureSource {
  readonly featureNames = featureNames;
  readonly #table: TrainingTable;
  readonly #range: RowRange;
  readonly #buffers: readonly [MutableBatch, MutableBatch];
  readonly #lags: LagEntries;
  #turn = 0;
  #row = 0;

  /** Throws RangeError for rows beyond the table's. */
  constructor(table: TrainingTable, range: RowRange, batchRows: number) {
    if (range.from < 0 || range.to > rowsOf(table)) {
      throw new RangeError(
        `The table has ${String(rowsOf(table))} rows; asked for ${String(range.from)} to ${String(range.to)}`,
      );
    }
    this.#table = table;
    this.#range = range;
    const stride = Math.max(1, Math.min(batchRows, range.to - range.from));
    this.#buffers = [newBatch(stride), newBatch(stride)];
    this.#lags = new LagEntries(table, table.coordinates.length / 2);
    this.reset();
  }

  reset(): void {
    this.#row = this.#range.from;
  }

  next(): FeatureBatch | undefined {
    if (this.#row >= this.#range.to) return undefined;
    const batch = this.#buffers[this.#turn++ % 2 === 0 ? 0 : 1];
    batch.rows = 0;
    for (let d = this.#dayOf(this.#row); batch.rows < batch.stride && this.#row < this.#range.to; d++) {
      this.#fillDay(batch, d);
    }
    return batch;
  }

  /** Index of the day that holds a row. */
  #dayOf(row: number): number {
    const { rowsBefore } = this.#table;
    let [low, high] = [0, rowsBefore.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((rowsBefore[middle] ?? 0) <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  #fillDay(batch: MutableBatch, d: number): void {
    const first = this.#table.rowsBefore[d] ?? 0;
    const rows = (this.#table.rowsBefore[d + 1] ?? 0) - first;
    const skip = this.#row - first;
    const take = Math.min(rows - skip, batch.stride - batch.rows, this.#range.to - this.#row);
    if (take <= 0) return;
    this.#fillRows(batch, d, { skip, take });
    this.#fillDayColumns(batch, d, take);
    batch.rows += take;
    this.#row += take;
  }

  #fillRows(batch: MutableBatch, d: number, { skip, take }: { skip: number; take: number }): void {
    this.#lags.lookUp(d);
    const { from } = this.#lags.entriesOf(d);
    let target = batch.rows;
    for (let i = 0, seen = 0; seen < skip + take; i++) {
      if (!this.#lags.hasBoth(i) || seen++ < skip) continue;
      this.#fillStation(batch, target, this.#table.station[from + i] ?? 0);
      this.#fillCounts(batch, target++, {
        entry: from + i,
        lag1: this.#lags.lag1[i],
        lag7: this.#lags.lag7[i],
      });
    }
  }

  #fillStation({ values, stride }: MutableBatch, target: number, code: number): void {
    const { coordinates } = this.#table;
    values[column.station_id * stride + target] = code;
    values[column.latitude * stride + target] = coordinates[2 * code] ?? Number.NaN;
    values[column.longitude * stride + target] = coordinates[2 * code + 1] ?? Number.NaN;
  }

  #fillCounts({ values, stride, labels }: MutableBatch, target: number, entries: RowEntries): void {
    const { count } = this.#table;
    labels[target] = count[entries.entry] ?? Number.NaN;
    values[column.lag_1 * stride + target] = count[entries.lag1 ?? -1] ?? Number.NaN;
    values[column.lag_7 * stride + target] = count[entries.lag7 ?? -1] ?? Number.NaN;
  }

  #fillDayColumns(batch: MutableBatch, d: number, take: number): void {
    const day = (this.#table.days[d] ?? 0) as Day;
    batch.days.fill(day, batch.rows, batch.rows + take);
    for (const [name, value] of Object.entries(this.#dayFeatures(day, d))) {
      const start = column[name as FeatureName] * batch.stride + batch.rows;
      batch.values.fill(value, start, start + take);
    }
  }

  #dayFeatures(day: Day, d: number): Partial<Record<FeatureName, number>> {
    const [avgTemp = Number.NaN, precipitation = Number.NaN, wind = Number.NaN] =
      this.#table.weather.subarray(3 * d);
    return {
      ...calendarFeatures(day),
      avg_temp: avgTemp,
      precipitation_mm: precipitation,
      vent_max: wind,
      is_holiday: this.#table.holiday[d] ?? 0,
      is_rainy: strictlyAbove(precipitation, 1),
      is_cold: strictlyAbove(5, avgTemp),
      is_hot: strictlyAbove(avgTemp, 30),
      is_windy: strictlyAbove(wind, 30),
    };
  }
}

/** Where the count of a row and its lags stand in the table. */
interface RowEntries {
  readonly entry: number;
  readonly lag1: number | undefined;
  readonly lag7: number | undefined;
}

interface MutableBatch extends FeatureBatch {
  rows: number;
}

const newBatch = (stride: number): MutableBatch => ({
  rows: 0,
  values: new Float32Array(featureNames.length * stride),
  stride,
  labels: new Float32Array(stride),
  days: new Int32Array(stride),
});

/** What training workers import this module for; the table comes to them in shared memory. */
export const createSource = (table: unknown, range: RowRange, batchRows: number): FeatureSource =>
  new FeatureSource(table as TrainingTable, range, batchRows);
