import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { asked } from "./moment.ts";
import { acceptedAs, readResolved, type Resolved } from "./resolved.ts";
import type { RunSeen } from "./seen.ts";

type Fixing = Pick<RunSeen, "uid" | "generation" | "startedAs" | "status">;

/**
 * Whether an edit of the spec changes what the run does no more. It does not once the run is marked as started: its Job may exist
 * although neither a watch nor the status tells of it yet.
 */
export function isFixed({ uid, generation, startedAs, status }: Fixing): boolean {
  const { startTime, verdict, observedGeneration } = status;
  const isBegun = startTime !== undefined || startedAs === uid;
  return isBegun || verdict !== undefined || observedGeneration === generation;
}

/** What this very run was accepted as: a status that came with a backup of the cluster tells of another one. */
export function ownResolved({ uid, status }: RunSeen): Resolved | undefined {
  const resolved = acceptedAs(status.resolved) === uid ? status.resolved : undefined;
  return readResolved(resolved);
}

/** What the run is for: as it was accepted, or as its spec has it while that still counts. */
export const purposeOf = (run: RunSeen): Pick<RetrainRunSpec, "dryRun" | "force" | "restore"> =>
  (isFixed(run) ? ownResolved(run)?.input : undefined) ?? asked(run);
