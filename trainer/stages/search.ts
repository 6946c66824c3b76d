import { given } from "../../contract/given.ts";
import type { GridRow } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import { RunFailure } from "../errors.ts";
import { dayOfRow } from "../evaluate/window.ts";
import { rowsOf, type TrainingTable } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import { boosterPlans, gridTable } from "../search/candidates.ts";
import { timeSeriesFolds, type Fold } from "../search/folds.ts";
import { winnerOf, type Winner } from "../search/winner.ts";
import type { GridResult } from "../xgboost/grid.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import { parametersOf, type Work } from "./work.ts";

export interface Search extends Winner {
  readonly table: readonly GridRow[];
  readonly folds: readonly Fold[];
}

/** The grid over all rows: every candidate scored on every fold, the lowest mean RMSE wins but for a tie. */
export const searchStage = (run: Run, { volume, history, pool }: Work): Promise<Search> =>
  run.stages.run(
    "search",
    async () => {
      const { grid, folds: count, seed } = run.input.training;
      const folds = timeSeriesFolds(rowsOf(history.table), count);
      const boosters = boosterPlans(grid);
      const result = await pool.gridSearch({ folds, boosters, seed }, (done, total) => {
        run.meter.report(done, total);
      });
      const scores = result.scores.map(({ fold, booster, rounds, rmse }) => {
        const { maxDepth, learningRate } = boosters[booster] ?? { maxDepth: 0, learningRate: 0 };
        return { fold, rmse, maxDepth, learningRate, rounds };
      });
      const table = gridTable(scores, folds.length);
      const winner = winnerOf(table, parametersOf(volume.champion));
      if (winner === undefined) throw new RunFailure("Bug", "The grid search has no candidate");
      const search = { table, folds, ...winner };
      reportSearch(run, history.table, pool, { ...search, result });
      return search;
    },
    () => ({ rows: rowsOf(history.table), rounds: run.draft.training?.gridRounds ?? 0 }),
  );

function reportSearch(
  { draft, input, threads }: Run,
  history: TrainingTable,
  { libraryVersion }: TrainingPool,
  { table, folds, winner, tie, result }: Search & { result: GridResult },
): void {
  draft.training = {
    grid: [...table],
    winner,
    ...given({ tie }),
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
    libraryVersion,
  };
}
