import { runReasons } from "../../../contract/run-reasons.ts";
import type { AttemptEnd } from "../attempt/attempt-state.ts";
import type { RunSeen } from "../seen.ts";
import type { OpenAttempt } from "./open-attempt.ts";

/** Whether each attempt that is written down has told how it ended: its reason is the trainer's own, not the operator's. */
export const haveReported = ({ status }: RunSeen): boolean =>
  (status.attempts ?? []).every(
    ({ finishedAt, reason = "" }) => finishedAt === undefined || !Object.hasOwn(runReasons, reason),
  );

/** The trainer has reported, or its container never ran. An attempt of which no Pod was seen may have had one. */
export function isKnownEnd({ pods }: OpenAttempt, { report }: AttemptEnd): boolean {
  if (report !== undefined) return true;
  const neverRan = pods.every(
    ({ trainer }) => trainer.runningSince === undefined && trainer.terminated === undefined,
  );
  return pods.length > 0 && neverRan;
}
