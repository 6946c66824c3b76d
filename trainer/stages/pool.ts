import type { TrainingTable } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import { TrainingPool } from "../xgboost/pool.ts";

/** Worker threads that train; a request to stop ends their work at once. */
export async function startPool(run: Run, table: TrainingTable): Promise<TrainingPool> {
  const pool = await TrainingPool.start({
    libraryPath: run.libraryPath,
    workers: run.threads,
    sourceModule: new URL("../features/source.ts", import.meta.url).href,
    data: table,
    maxBin: run.input.training.maxBin,
  });
  const cancel = (): void => {
    pool.cancel();
  };
  if (run.signal.aborted) cancel();
  run.signal.addEventListener("abort", cancel, { once: true });
  return pool;
}
