import type { Parameters } from "../../contract/trainer-report.ts";
import { allRows } from "../features/source.ts";
import { rowsOf, type TrainingTable } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import type { Fitted } from "../xgboost/messages.ts";
import type { TrainingPool } from "../xgboost/pool.ts";

/** The production model: the winner's parameters on 100 % of the rows, with all threads. */
export const trainStage = (
  run: Run,
  table: TrainingTable,
  { maxDepth, learningRate, rounds }: Parameters,
  pool: TrainingPool,
): Promise<Fitted> =>
  run.stages.run(
    "train",
    async () => {
      const parameters = { maxDepth, learningRate, seed: run.input.training.seed, nthread: run.threads };
      const fitted = await pool.fit({ range: allRows(table), parameters, rounds }, (done, total) => {
        run.meter.report(done, total);
      });
      if (run.draft.training !== undefined) run.draft.training.finalRmse = fitted.trainRmse;
      return fitted;
    },
    () => rowsOf(table),
  );
