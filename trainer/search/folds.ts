import type { RowRange } from "../features/source.ts";
import { RunFailure } from "../errors.ts";

export interface Fold {
  readonly train: RowRange;
  readonly valid: RowRange;
}

/**
 * Time-ordered folds as scikit-learn's TimeSeriesSplit cuts them: of n rows each validation range has
 * floor(n / (k + 1)), the last one ends at n, and all earlier rows train.
 * https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.TimeSeriesSplit.html
 */
export function timeSeriesFolds(rows: number, folds: number): Fold[] {
  const size = Math.floor(rows / (folds + 1));
  if (size === 0) {
    throw new RunFailure(
      "BadConfiguration",
      `Cannot cut ${String(rows)} rows into ${String(folds)} folds; lower training.folds or give more history`,
    );
  }
  return Array.from({ length: folds }, (_, i) => {
    const from = rows - (folds - i) * size;
    return { train: { from: 0, to: from }, valid: { from, to: from + size } };
  });
}
