import { RunReason } from "../../../contract/run-reasons.ts";
import type { AttemptState } from "../attempt/attempt-state.ts";
import { asked, conditionOf } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import type { RunSeen } from "../seen.ts";
import { plusSeconds } from "../times.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import type { Stop } from "./run-state.ts";

/** Why the attempt is stopped, or was when it has ended. */
export function stopOf(
  run: RunSeen,
  attempt: OpenAttempt,
  state: AttemptState,
  { deadline, now }: { readonly deadline: Date; readonly now: Date },
): Stop | undefined {
  if (asked(run).cancel === true) return "cancel";
  if (now < deadline) return undefined;
  const isPending = state.kind === "pending" || (attempt.job?.suspended === true && neverRan(run));
  return isPending ? "pendingTooLong" : undefined;
}

/** Whether an attempt of which nothing has run may still begin. */
export const mayBegin = (run: RunSeen, attempt: OpenAttempt, resolved: Resolved, now: Date): boolean =>
  asked(run).cancel !== true && neverRan(run) && now < startDeadline(attempt, resolved);

/** The Job's Pod has to run by then. */
export const startDeadline = ({ record }: OpenAttempt, resolved: Resolved): Date =>
  plusSeconds(new Date(record.startedAt), resolved.job.pendingDeadlineSeconds);

const afterStart: readonly string[] = [RunReason.Running, RunReason.WaitingForOldPod, RunReason.NodeLost];

/** Before an attempt the condition does not hold, whatever is waited for. */
function neverRan(run: RunSeen): boolean {
  const { status, reason = "" } = conditionOf(run, "Progressing") ?? {};
  return status !== "True" || !afterStart.includes(reason);
}
