import { Verdict } from "../../../contract/verdicts.ts";
import { conditionOf } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import type { RefusedJob, RunSeen } from "../seen.ts";
import type { Ending } from "../status/ending.ts";
import { plusSeconds } from "../times.ts";

const retrySeconds = 60;

export const triedAgainAt = ({ at }: RefusedJob): Date => plusSeconds(at, retrySeconds);

/** When a Job that is refused again and again is given up. */
export function givenUpAt(run: RunSeen, resolved: Resolved, now: Date): Date {
  const progressing = conditionOf(run, "Progressing");
  // Between two attempts Progressing is True only since the first refusal.
  const since = progressing?.status === "True" ? new Date(progressing.lastTransitionTime) : now;
  return plusSeconds(since, resolved.job.pendingDeadlineSeconds);
}

/** The end of a run whose Job has been refused for too long; undefined while it is tried. */
export function notCreated(
  run: RunSeen,
  resolved: Resolved,
  refused: RefusedJob | undefined,
  now: Date,
): Ending | undefined {
  if (refused === undefined || now < givenUpAt(run, resolved, now)) return undefined;
  const { reason, message } = refused;
  return { verdict: Verdict.Failed, reason, message };
}
