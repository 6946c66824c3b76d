import { accept } from "../accept.ts";
import { canonicalJson } from "../canonical-json.ts";
import { ownResolved } from "../frozen.ts";
import { attemptOf } from "../job-name.ts";
import type { PlannedEvent, StatusChange } from "../plan.ts";
import type { RunSeen } from "../seen.ts";
import type { Settings } from "../settings.ts";

/**
 * Tells that an edit of the spec came too late: from `retrain.velo/started` until `status.startTime` the API server still takes
 * one, but the Job may have been created already. Told once for each edit: the write makes the generation an observed one.
 */
export function ignoredEdit(change: StatusChange, settings: Settings): readonly PlannedEvent[] {
  const { run, status } = change;
  if (!isLate(change) || !wouldChange(run, settings)) return [];
  return [
    {
      run,
      type: "Warning",
      reason: "EditIgnored",
      message:
        "The spec was edited when the run's first Job was about to be created: the run stays as it was accepted; cancel it and create another RetrainRun to have the edit",
      attempt: attemptOf(status.attempts?.at(-1)?.job ?? ""),
      action: "Accept",
    },
  ];
}

function isLate({ run, status }: StatusChange): boolean {
  const { startTime, observedGeneration } = run.status;
  const isMarked = run.startedAs === run.uid && startTime === undefined;
  return isMarked && status.verdict === undefined && observedGeneration !== run.generation;
}

/** Whether the run would be made of something else as its spec is now. */
function wouldChange(run: RunSeen, settings: Settings): boolean {
  const frozen = ownResolved(run);
  if (frozen === undefined) return false;
  const anew = accept(run, settings);
  return "refusal" in anew || canonicalJson(anew.resolved) !== canonicalJson(frozen);
}
