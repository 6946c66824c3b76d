import type { GridRow, Parameters } from "../../contract/trainer-report.ts";
import type { RowRange } from "../features/source.ts";
import { bestOf } from "../search/candidates.ts";
import type { Fold } from "../search/folds.ts";

/** The grid's scores and the folds that they come from. */
export interface ScoredFolds {
  readonly table: readonly GridRow[];
  readonly folds: readonly Fold[];
}

export interface ChosenParameters {
  readonly parameters: Parameters;
  /** Who chose them, for people. */
  readonly parametersFrom: string;
}

/**
 * Parameters that owe nothing to a window's rows: the lowest mean over the folds that end before it, else the
 * champion's, which were chosen before the gate window (but perhaps not before an earlier window of the backtest),
 * else the configured ones.
 */
export function chosenBefore(
  window: { readonly rows: RowRange },
  { table, folds }: ScoredFolds,
  { champion, fallback }: { readonly champion?: Parameters; readonly fallback: Parameters },
): ChosenParameters {
  const isEarlier = (fold: number): boolean => (folds[fold]?.valid.to ?? Infinity) <= window.rows.from;
  const earlier = folds.filter((_, fold) => isEarlier(fold)).length;
  const best = bestOf(smallestFirst(table), isEarlier);
  if (best !== undefined) {
    return { parameters: best, parametersFrom: `folds that end before the window: ${String(earlier)}` };
  }
  return champion === undefined
    ? { parameters: fallback, parametersFrom: "training.fallback, for no fold ends before the window" }
    : { parameters: champion, parametersFrom: "the champion, for no fold ends before the window" };
}

/** The table's own order comes from all folds: in a tie it would let the window's rows choose. */
const smallestFirst = (table: readonly GridRow[]): GridRow[] =>
  table.toSorted((a, b) => a.maxDepth - b.maxDepth || a.rounds - b.rounds || a.learningRate - b.learningRate);
