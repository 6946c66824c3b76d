import { RunFailure } from "../errors.ts";
import type { Handle, MatrixConfig, Native } from "./api.ts";
import type { Batch, BatchSource } from "./batch.ts";

export interface MatrixOptions extends MatrixConfig {
  /** Handle of the training matrix whose cuts are used: for rows that are only scored. */
  readonly reference?: Handle;
  /** Called before every batch; throws to stop. */
  readonly checkpoint?: () => void;
}

/** Rows binned by quantiles: a byte or two a value. Training reads it, any number of threads at once. */
export class QuantileMatrix implements Disposable {
  readonly handle: Handle;
  readonly #native: Native;

  /** Reads the source four times. Throws what the source throws, RunFailure("Bug") for what the library refuses. */
  constructor(native: Native, source: BatchSource, options: MatrixOptions) {
    this.#native = native;
    const columns = source.featureNames.length;
    const next = (): Batch | undefined => {
      options.checkpoint?.();
      const batch = source.next();
      if (batch !== undefined) checkBatch(batch, columns);
      return batch;
    };
    const reset = (): void => {
      source.reset();
    };
    this.handle = native.matrix.create({ columns, reset, next }, options, options.reference);
  }

  get rows(): number {
    return this.#native.matrix.rows(this.handle);
  }

  /** The targets, one a row, in the order of the source. */
  labels(): Float32Array {
    return this.#native.matrix.labels(this.handle);
  }

  [Symbol.dispose](): void {
    this.#native.matrix.free(this.handle);
  }
}

/** A block that is smaller than it says would let the library read foreign memory. */
export function checkBatch({ rows, stride, values, labels }: Batch, columns: number): void {
  const needed = (columns - 1) * stride + rows;
  if (rows >= 1 && stride >= rows && values.length >= needed && labels.length >= rows) return;
  throw new RunFailure(
    "Bug",
    `Cannot use a batch of ${String(rows)} rows × ${String(columns)} columns with stride ${String(stride)}: ` +
      `it has ${String(values.length)} values and ${String(labels.length)} labels, needed are ${String(needed)} and ${String(rows)}`,
  );
}
