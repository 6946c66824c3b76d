import type { Grid } from "../../contract/spec/training.ts";
import type { GridRow, Parameters } from "../../contract/trainer-report.ts";
import { RunFailure } from "../errors.ts";

/** One booster to train on a fold; its prefixes at `checkpoints` rounds are the candidates. */
export interface BoosterPlan {
  readonly maxDepth: number;
  readonly learningRate: number;
  readonly checkpoints: readonly number[];
}

/** One booster for each depth and rate, never one for each number of rounds: a prefix is not trained twice. */
export function boosterPlans(grid: Grid): BoosterPlan[] {
  const checkpoints = grid.rounds.toSorted((a, b) => a - b);
  return grid.maxDepth.flatMap((maxDepth) =>
    grid.learningRate.map((learningRate) => ({ maxDepth, learningRate, checkpoints })),
  );
}

/** RMSE of one candidate on one fold. */
export interface FoldScore extends Parameters {
  readonly fold: number;
  readonly rmse: number;
}

/** Every candidate with its folds' scores, the lowest mean first; equal means keep the smaller model first. */
export function gridTable(scores: readonly FoldScore[], folds: number): GridRow[] {
  const rows = Map.groupBy(
    scores,
    ({ maxDepth, learningRate, rounds }) => `${String(maxDepth)}/${String(learningRate)}/${String(rounds)}`,
  );
  return [...rows.values()]
    .map((ofCandidate) => gridRow(ofCandidate, folds))
    .sort((a, b) => a.meanRmse - b.meanRmse || a.maxDepth - b.maxDepth || a.rounds - b.rounds);
}

function gridRow(scores: readonly FoldScore[], folds: number): GridRow {
  const foldRmse = scores.toSorted((a, b) => a.fold - b.fold).map(({ rmse }) => rmse);
  const [first] = scores;
  if (first === undefined || foldRmse.length !== folds) {
    throw new RunFailure(
      "Bug",
      `A candidate has ${String(foldRmse.length)} scores, expected ${String(folds)}`,
    );
  }
  const { maxDepth, learningRate, rounds } = first;
  return { maxDepth, learningRate, rounds, meanRmse: mean(foldRmse), foldRmse };
}

/** The candidate with the lowest mean over the folds that `counts` accepts. Undefined when no fold does. */
export function bestOf(
  table: readonly GridRow[],
  counts: (fold: number) => boolean = () => true,
): Parameters | undefined {
  const scored = table.flatMap(({ foldRmse, ...row }) => {
    const accepted = foldRmse.filter((_, fold) => counts(fold));
    return accepted.length === 0 ? [] : [{ score: mean(accepted), parameters: parametersOf(row) }];
  });
  return scored.toSorted((a, b) => a.score - b.score)[0]?.parameters;
}

const parametersOf = ({ maxDepth, learningRate, rounds }: Parameters): Parameters => ({
  maxDepth,
  learningRate,
  rounds,
});

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;
