import type { Batch, BatchSource, RowRange } from "../../trainer/xgboost/batch.ts";

/** A small training table in shared memory, column-major, and what is to go wrong when its rows are read. */
export interface Table {
  readonly featureNames: readonly string[];
  readonly rows: number;
  readonly values: Float32Array;
  readonly labels: Float32Array;
  readonly trouble?: "throws" | "exits";
}

/** Rows of two waves, a weekday and a column with gaps; the label follows them, a little noise on top. No randomness. */
export function waves(rows: number, trouble?: Table["trouble"]): Table {
  const featureNames = ["slow", "fast", "weekday", "sparse"];
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * featureNames.length));
  const labels = new Float32Array(new SharedArrayBuffer(4 * rows));
  for (let row = 0; row < rows; row += 1) {
    const features = [Math.sin(row / 90), Math.cos(row / 3), row % 7, row % 5 === 0 ? NaN : (row * 31) % 53];
    features.forEach((value, column) => (values[column * rows + row] = value));
    const [slow = 0, fast = 0, weekday = 0] = features;
    labels[row] = 100 + 40 * slow + 25 * fast + (weekday < 5 ? 30 : 0) + ((row * 7919) % 13);
  }
  return { featureNames, rows, values, labels, ...(trouble && { trouble }) };
}

/** What the workers load, as training loads the module of the real features. */
export function createSource(data: unknown, range: RowRange, batchRows: number): BatchSource {
  const table = data as Table;
  let at = range.from;
  return {
    featureNames: table.featureNames,
    reset: () => (at = range.from),
    next: () => {
      if (at >= range.to) return undefined;
      const batch = copyOf(table, at, Math.min(batchRows, range.to - at));
      at += batch.rows;
      return batch;
    },
  };
}

/** A fresh copy a batch: nobody may count on the one before. */
function copyOf(table: Table, from: number, rows: number): Batch {
  if (table.trouble === "throws") throw new RangeError("row 3 is spoilt");
  if (table.trouble === "exits") process.exit(9);
  const values = new Float32Array(rows * table.featureNames.length);
  for (const column of table.featureNames.keys()) {
    const start = column * table.rows + from;
    values.set(table.values.subarray(start, start + rows), column * rows);
  }
  return { rows, stride: rows, values, labels: table.labels.slice(from, from + rows) };
}

/** The whole table as one batch, in place. */
export const wholeTable = ({ rows, values, labels }: Table): Batch => ({
  rows,
  stride: rows,
  values,
  labels,
});
