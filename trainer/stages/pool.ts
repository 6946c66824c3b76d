import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import type { TrainingTable } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import { TrainingPool } from "../xgboost/pool.ts";

/**
 * While workers train, this thread allocates nothing and so would never collect what reading and cleaning left:
 * tens of bytes a reading (measured: docs/adr). This is how Node's own documentation gets at the collector.
 */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** Worker threads that train; a request to stop ends their work at once. */
export async function startPool(run: Run, table: TrainingTable): Promise<TrainingPool> {
  collectGarbage();
  const pool = await TrainingPool.start({
    libraryPath: run.libraryPath(),
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
