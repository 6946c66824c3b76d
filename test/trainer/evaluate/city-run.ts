import winston from "winston";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { ProgressMeter } from "../../../trainer/progress.ts";
import { newDraft, StageRecorder } from "../../../trainer/report/draft.ts";
import { boosterPlans, gridTable } from "../../../trainer/search/candidates.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";
import { rowsOf } from "../../../trainer/features/training-table.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import type { EvaluationParts, EvaluationRun } from "../../../trainer/stages/evaluate.ts";
import type { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { input } from "../../support/builders.ts";

/** A run of a small city: limits that it reaches, a grid whose candidates are nearly equal and take a moment. */
export function cityRun(spec: RetrainRunSpec = {}): EvaluationRun {
  const draft = newDraft();
  const meter = new ProgressMeter({ show: () => undefined, clear: () => undefined }, () => 0);
  const log = winston.createLogger({ silent: true });
  return {
    input: input({
      checks: { minRows: 100 },
      training: {
        grid: { maxDepth: [2, 3, 4], learningRate: [0.3], rounds: [20, 40] },
      },
      ...spec,
    }),
    threads: 1,
    draft,
    stages: new StageRecorder(draft, log, meter, () => 0),
    meter,
  };
}

/** The run's grid over all rows of the pool's table, as the stage search has it. */
export async function searched(
  { input: { training } }: EvaluationRun,
  { table }: History,
  pool: TrainingPool,
): Promise<EvaluationParts["search"]> {
  const folds = timeSeriesFolds(rowsOf(table), training.folds);
  const boosters = boosterPlans(training.grid);
  const { scores } = await pool.gridSearch({ folds, boosters, seed: training.seed });
  const named = scores.map(({ fold, booster, rounds, rmse }) => {
    const { maxDepth, learningRate } = boosters[booster] ?? { maxDepth: 0, learningRate: 0 };
    return { fold, rmse, maxDepth, learningRate, rounds };
  });
  return { folds, table: gridTable(named, folds.length) };
}
