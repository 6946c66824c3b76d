import { notReady } from "../api/context.ts";
import { fromKube } from "../api/kube-problem.ts";
import { noSuchRun } from "../api/runs.ts";
import type { Runs, WatchedRun } from "../runs/runs.ts";

/** Throws the Problem 404 for a run that there is not, and 503 before it can be known. */
export async function knownRun(runs: Pick<Runs, "isSynced" | "find">, name: string): Promise<WatchedRun> {
  if (!runs.isSynced) throw notReady();
  const run = await fromKube(runs.find(name));
  if (run === undefined) throw noSuchRun(name);
  return run;
}
