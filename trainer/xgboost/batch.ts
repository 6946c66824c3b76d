/** Rows `from` (inclusive) to `to` (exclusive) of the one row order of a training table. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** A block of consecutive rows. Its buffers are read in place and must stay as they are until the next `next()`. */
export interface Batch {
  readonly rows: number;
  /** Column-major: row r of column c is `values[c * stride + r]`. NaN is missing. */
  readonly values: Float32Array;
  /** Elements from one column to the next, at least `rows`. */
  readonly stride: number;
  /** Targets of the rows, `rows` values or more. */
  readonly labels: Float32Array;
}

/** Rows in batches. It is read several times over; every pass must give the same rows in the same order. */
export interface BatchSource {
  readonly featureNames: readonly string[];
  /** Goes back to before the first row. */
  reset(): void;
  /** The next batch, or undefined after the last one. */
  next(): Batch | undefined;
}

/** What the module named to the training workers exports: it turns their shared data into batches. */
export interface SourceModule {
  readonly createSource: (data: unknown, range: RowRange, batchRows: number) => BatchSource;
}
