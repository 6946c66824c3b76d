import { RunReason } from "../../../contract/run-reasons.ts";
import { asked, conditionOf } from "../../reconcile/moment.ts";
import type { Refusal, RunSeen } from "../../reconcile/seen.ts";
import type { Phase } from "../api/schemas.ts";

/**
 * Whether another run of the model has to wait for it: it has no verdict, is not suspended and not being deleted. A refused one
 * counts: it goes on as soon as it is mended.
 */
export const isActive = (run: RunSeen): boolean =>
  run.status.verdict === undefined && !run.deleting && !isSuspended(run);

/** `suspend` changes nothing any more once the run has started. */
const isSuspended = (run: RunSeen): boolean =>
  asked(run).suspend === true && run.status.startTime === undefined && run.startedAs !== run.uid;

/** Where the run stands by what the operator has written; a run that it has not looked at yet is queued. */
export function phaseOf(run: RunSeen): Phase {
  if (run.status.verdict !== undefined) return "Finished";
  if (isSuspended(run)) return "Suspended";
  if (conditionOf(run, "Accepted")?.status === "False") return "Refused";
  const { status, reason = RunReason.Queued } = conditionOf(run, "Progressing") ?? {};
  return phases.get(reason) ?? (status === "True" ? "Pending" : "Waiting");
}

const phases: ReadonlyMap<string, Phase> = new Map([
  [RunReason.Queued, "Queued"],
  [RunReason.Suspended, "Queued"],
  [RunReason.Running, "Running"],
  [RunReason.Cancelling, "Cancelling"],
]);

/** The verdict's reason; before there is one, why the run stands where it stands. */
export function whyOf(run: RunSeen): Partial<Refusal> {
  const { verdict, reason, message } = run.status;
  if (verdict !== undefined) return { ...(reason && { reason }), ...(message && { message }) };
  const refused = conditionOf(run, "Accepted");
  return (refused?.status === "False" ? refused : conditionOf(run, "Progressing")) ?? {};
}
