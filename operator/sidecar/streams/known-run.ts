import { noSuchRun } from "../api/runs.ts";
import { problem } from "../http/problem.ts";
import type { Runs, WatchedRun } from "../runs/runs.ts";

/** Throws the Problem 404 for a run that there is not, and 503 before it can be known. */
export function knownRun({ isSynced, byName }: Pick<Runs, "isSynced" | "byName">, name: string): WatchedRun {
  const run = byName(name);
  if (run !== undefined) return run;
  if (isSynced) throw noSuchRun(name);
  throw problem(503, "not-ready", "The runs have not been listed yet: ask again in a few seconds");
}
