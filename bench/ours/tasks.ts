import { librarySearch } from "../../hack/setup.ts";
import { allRows } from "../../trainer/features/source.ts";
import { rowsOf, type TrainingTable } from "../../trainer/features/training-table.ts";
import { findLibrary } from "../../trainer/xgboost/library.ts";
import { TrainingPool } from "../../trainer/xgboost/pool.ts";
import { exportMatrix } from "./export.ts";
import { cleanedHistory } from "./history.ts";
import { factsOf } from "./matrix.ts";
import type { Plan } from "./plan.ts";
import type { Stages } from "./stages.ts";

export type TaskWork = (plan: Plan, stages: Stages) => Promise<object>;

/** What `main.ts` can do. */
export const tasks: ReadonlyMap<string, TaskWork> = new Map([
  ["features", features],
  ["matrix", matrix],
  ["train", train],
]);

/** Extraction, cleaning, and all features once. */
async function features(plan: Plan, stages: Stages): Promise<object> {
  const table = await cleanedHistory(plan, stages);
  return stages.time("features", () => factsOf(table));
}

/** The matrix as files for the peer. */
async function matrix(plan: Plan, stages: Stages): Promise<object> {
  const table = await cleanedHistory(plan, stages);
  await exportMatrix(table, plan.directory);
  return { rows: rowsOf(table) };
}

/** One booster on all rows, with all threads. */
async function train(plan: Plan, stages: Stages): Promise<object> {
  if (plan.parameters === undefined) throw new Error("A training needs its parameters");
  const { rounds, ...shape } = plan.parameters;
  const table = await cleanedHistory(plan, stages);
  await using pool = await startPool(table, plan.threads);
  const parameters = { ...shape, seed: 0, nthread: plan.threads };
  const fitted = await stages.time("train", () => pool.fit({ range: allRows(table), parameters, rounds }));
  return { rows: rowsOf(table), bytes: fitted.model.length, kernelSeconds: fitted.kernelSeconds };
}

const startPool = (table: TrainingTable, workers: number): Promise<TrainingPool> =>
  TrainingPool.start({
    libraryPath: findLibrary(librarySearch(process.env)).path,
    workers,
    sourceModule: new URL("../../trainer/features/source.ts", import.meta.url).href,
    data: table,
    maxBin: 256,
  });
