import { RunReason } from "../../../contract/run-reasons.ts";
import type { RetrainRunStatus } from "../../../contract/status.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { attemptOf } from "../job-name.ts";
import { asked, type ConditionRecord } from "../moment.ts";
import type { PlannedEvent, StatusChange } from "../plan.ts";
import { hasGoneWell } from "./ending.ts";

type Told = Omit<PlannedEvent, "run" | "attempt">;

/** What a status change is to people. Each is told once: it comes with the write that makes the difference. */
export function eventsOf(change: StatusChange): readonly PlannedEvent[] {
  const told = [
    acceptance(change),
    ...newAttempts(change),
    ending(change) ?? progress(change),
    ignoredSuspension(change),
  ];
  const attempt = attemptOf(change.status.attempts?.at(-1)?.job ?? "");
  return told.filter((event) => event !== undefined).map((event) => ({ run: change.run, attempt, ...event }));
}

const conditionIn = (status: RetrainRunStatus, type: ConditionRecord["type"]): ConditionRecord | undefined =>
  status.conditions?.find((condition) => condition.type === type);

function acceptance({ run, status }: StatusChange): Told | undefined {
  const before = conditionIn(run.status, "Accepted");
  const after = conditionIn(status, "Accepted");
  if (after === undefined || (before?.status === after.status && before.message === after.message)) {
    return undefined;
  }
  const { reason, message } = after;
  if (after.status === "False") return { type: "Warning", reason, message, action: "Accept" };
  const next = conditionIn(status, "Progressing")?.message ?? message;
  return { type: "Normal", reason: "Accepted", message: next, action: "Accept" };
}

function newAttempts({ run, status }: StatusChange): Told[] {
  const known = new Set(run.status.attempts?.map(({ job }) => job));
  const started = (status.attempts ?? []).filter(({ job }) => !known.has(job));
  return started.map(({ job }) => ({
    type: "Normal",
    reason: "AttemptStarted",
    message: `Created Job ${job}`,
    action: "CreateJob",
  }));
}

function ending({ status }: StatusChange): Told | undefined {
  const { verdict, reason = "", message = "" } = status;
  if (verdict === undefined) return undefined;
  const isNormal = hasGoneWell(verdict) || verdict === Verdict.Cancelled;
  return {
    type: isNormal ? "Normal" : "Warning",
    reason: verdict,
    message: `${reason}: ${message}`,
    action: "Finish",
  };
}

const normal: Readonly<Partial<Record<string, string>>> = {
  [RunReason.Queued]: "Queue",
  [RunReason.Suspended]: "Suspend",
  [RunReason.WaitingForOldPod]: "Wait",
  [RunReason.Running]: "Run",
  [RunReason.Cancelling]: "Cancel",
};
const warnings: Readonly<Partial<Record<string, string>>> = {
  [RunReason.NodeLost]: "Wait",
  [RunReason.BackingOff]: "Retry",
  [RunReason.WaitingForData]: "Recheck",
};

/** Another reason than before; what the acceptance or a new attempt has told already is not told twice. */
function progress({ run, status }: StatusChange): Told | undefined {
  const after = conditionIn(status, "Progressing");
  const before = conditionIn(run.status, "Progressing");
  const wasAccepted = [run.status, status].every((each) => conditionIn(each, "Accepted")?.status === "True");
  if (after === undefined || before?.reason === after.reason || !wasAccepted) return undefined;
  const { reason, message } = after;
  const action = normal[reason];
  if (action !== undefined) return { type: "Normal", reason, message, action };
  if (reason === RunReason.Pending) return undefined;
  return { type: "Warning", reason, message, action: warnings[reason] ?? "Start" };
}

/** Told once for each edit: the write makes the generation an observed one. */
function ignoredSuspension({ run, status }: StatusChange): Told | undefined {
  const isEdited = run.status.observedGeneration !== run.generation;
  if (asked(run).suspend !== true || status.startTime === undefined || !isEdited) return undefined;
  if (status.verdict !== undefined) return undefined;
  return {
    type: "Warning",
    reason: "SuspendIgnored",
    message: "spec.suspend holds only a run that has not started; set spec.cancel to stop it",
    action: "Suspend",
  };
}
