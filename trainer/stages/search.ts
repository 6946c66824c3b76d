import type { GridRow, Parameters } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import { RunFailure } from "../errors.ts";
import { dayOfRow } from "../evaluate/window.ts";
import { recipeFingerprint } from "../features/recipe.ts";
import { rowsOf, type TrainingTable } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import { bestOf, boosterPlans, gridTable } from "../search/candidates.ts";
import { timeSeriesFolds, type Fold } from "../search/folds.ts";
import type { GridResult } from "../xgboost/grid.ts";
import type { TrainingPool } from "../xgboost/pool.ts";

export interface Search {
  readonly table: readonly GridRow[];
  readonly folds: readonly Fold[];
  readonly winner: Parameters;
}

/** The grid over all rows: every candidate scored on every fold, the lowest mean RMSE wins. */
export const searchStage = (run: Run, history: TrainingTable, pool: TrainingPool): Promise<Search> =>
  run.stages.run(
    "search",
    async () => {
      const { grid, folds: count, seed } = run.input.training;
      const folds = timeSeriesFolds(rowsOf(history), count);
      const boosters = boosterPlans(grid);
      const result = await pool.gridSearch({ folds, boosters, seed }, (done, total) => {
        run.meter.report(done, total);
      });
      const scores = result.scores.map(({ fold, booster, rounds, rmse }) => {
        const { maxDepth, learningRate } = boosters[booster] ?? { maxDepth: 0, learningRate: 0 };
        return { fold, rmse, maxDepth, learningRate, rounds };
      });
      const table = gridTable(scores, folds.length);
      const winner = bestOf(table);
      if (winner === undefined) throw new RunFailure("Bug", "The grid search has no candidate");
      const search = { table, folds, winner };
      reportSearch(run, history, pool, { ...search, result });
      return search;
    },
    () => rowsOf(history),
  );

function reportSearch(
  { draft, input, threads }: Run,
  history: TrainingTable,
  pool: TrainingPool,
  { table, folds, winner, result }: Search & { result: GridResult },
): void {
  draft.libraryVersion = pool.libraryVersion;
  draft.recipeFingerprint = recipeFingerprint(input, pool.libraryVersion, threads);
  draft.training = {
    grid: [...table],
    winner,
    folds: folds.map(({ train, valid }) => ({
      trainRows: train.to - train.from,
      validRows: valid.to - valid.from,
      validFrom: dayText(dayOfRow(history, valid.from)),
      validTo: dayText(dayOfRow(history, valid.to - 1)),
    })),
    seed: input.training.seed,
    threads,
    gridRounds: result.rounds,
    kernelSeconds: result.kernelSeconds,
    libraryVersion: pool.libraryVersion,
  };
}
