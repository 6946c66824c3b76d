import type { GridRow, Parameters } from "../../contract/trainer-report.ts";
import { bestOf } from "./candidates.ts";

export interface Winner {
  readonly winner: Parameters;
  /** One sentence, where a tie and not the lowest mean decided. */
  readonly tie?: string;
}

/**
 * Means so near the lowest are a tie: another order of the rows within a day already moves a candidate's mean by as
 * much (measured: 0.3 to 1.4 counts of 168).
 */
const tiePercent = 0.5;

/**
 * The candidate with the lowest mean RMSE over all folds, unless the champion's parameters tie with it: they stay
 * then, so that the recipe does not change from month to month by chance. A first run has no champion, and the lowest
 * mean wins as in scikit-learn. Undefined without candidates.
 */
export function winnerOf(table: readonly GridRow[], champion?: Parameters): Winner | undefined {
  const lowest = bestOf(table);
  if (lowest === undefined) return undefined;
  const [best, own] = [rowOf(table, lowest), champion && rowOf(table, champion)];
  if (champion === undefined || best === undefined || own === undefined) return { winner: lowest };
  const isTie = 100 * (own.meanRmse - best.meanRmse) <= tiePercent * best.meanRmse;
  if (!isTie || sameParameters(champion, lowest)) return { winner: lowest };
  return { winner: champion, tie: tieSentence(own, best) };
}

export const sameParameters = (a: Parameters, b: Parameters): boolean =>
  a.maxDepth === b.maxDepth && a.learningRate === b.learningRate && a.rounds === b.rounds;

const rowOf = (table: readonly GridRow[], parameters: Parameters): GridRow | undefined =>
  table.find((row) => sameParameters(row, parameters));

const tieSentence = (own: GridRow, best: GridRow): string =>
  `The champion's parameters stay: their mean RMSE of ${own.meanRmse.toFixed(2)} is within ${String(tiePercent)} % of the lowest, ${best.meanRmse.toFixed(2)} of ${textOf(best)}`;

const textOf = ({ maxDepth, learningRate, rounds }: Parameters): string =>
  `depth ${String(maxDepth)}, rate ${String(learningRate)}, ${String(rounds)} rounds`;
