import { RunReason } from "../../../contract/run-reasons.ts";
import { isUnfinished, nodeLost } from "../line/node-lost.ts";
import { conditionOf } from "../moment.ts";
import type { Attempting } from "../run/run-state.ts";
import type { PodSeen, Refusal, RunSeen } from "../seen.ts";
import { timeText } from "../times.ts";

/** What the condition Progressing says while an attempt is under way. */
export function attemptingWord(run: RunSeen, attempting: Attempting, namespace: string, now: Date): Refusal {
  const { attempt, state, stop } = attempting;
  const { job } = attempt.record;
  const lost = attempt.pods.map((pod) => nodeLost(pod, namespace, now)).find((word) => word !== undefined);
  if (lost !== undefined) return lost;
  if (stop === "cancel") {
    return {
      reason: RunReason.Cancelling,
      message: `Job ${job} is stopped; what it reports in the end counts`,
    };
  }
  switch (state.kind) {
    case "pending":
      return pendingWord(attempting, state.why);
    case "running":
      return {
        reason: RunReason.Running,
        message: `Job ${job} has been running since ${timeText(state.since)}`,
      };
    case "stopping":
      return stoppingWord(run, attempting, now);
    default:
      return state satisfies never;
  }
}

function pendingWord({ attempt, stop }: Attempting, why: Refusal | undefined): Refusal {
  const { job } = attempt.record;
  if (stop === undefined) {
    return why ?? { reason: RunReason.Pending, message: `Job ${job} waits for its Pod to start` };
  }
  const { reason, message } = why ?? { reason: RunReason.PodNotStarted, message: "Nothing told why" };
  return {
    reason,
    message: `Job ${job} was given up because its Pod had not started within job.pendingDeadlineSeconds: ${message}`,
  };
}

/** Why it stops, or that it ran, stays to be read when it has ended; of a Pod that ran and should be gone, that it is waited for. */
function stoppingWord(run: RunSeen, { attempt }: Attempting, now: Date): Refusal {
  const before = conditionOf(run, "Progressing");
  const late = before?.reason === RunReason.Running ? overdue(attempt.pods, now) : undefined;
  if (late !== undefined) return late;
  if (before?.status === "True") return { reason: before.reason, message: before.message };
  return { reason: RunReason.Running, message: `Job ${attempt.record.job} is ending` };
}

/** A Pod's deletion time has its grace period in it. */
function overdue(pods: readonly PodSeen[], now: Date): Refusal | undefined {
  for (const pod of pods.filter(isUnfinished)) {
    const { name, node = "unknown", deletingAt } = pod;
    if (deletingAt === undefined || now < deletingAt) continue;
    const message = `Pod ${name} should have ended at ${timeText(deletingAt)}, but its node ${node} has not said that it has`;
    return { reason: RunReason.WaitingForOldPod, message };
  }
  return undefined;
}
