import type { JobSeen, PodSeen } from "../seen.ts";
import type { AttemptSeen, AttemptState } from "./attempt.ts";
import { attemptEnd } from "./ended.ts";
import { signals } from "./failure.ts";
import { interruption } from "./interruption.ts";
import { pendingReason } from "./pending.ts";
import { newestProgress } from "./progress.ts";
import { isOfStop, isVerdict, readReport } from "./report.ts";

export type { AttemptEnd, AttemptState } from "./attempt.ts";

/**
 * How an attempt stands, by its Job and the newest of its Pods. A verdict that any Pod has reported ends it: the Job controller may
 * have made another Pod meanwhile.
 */
export function attemptState(seen: AttemptSeen): AttemptState {
  const pods = seen.pods.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const pod = pods.find((each) => hasVerdict(each, seen.runUid)) ?? pods[0];
  if (pod !== undefined && hasEnded(pod, seen)) return ended(seen, withReport(pods, pod, seen));
  if (pod === undefined || pod.gone) return withoutPod(seen, pod);
  if (isStopping(seen.job, pod)) return { kind: "stopping" };
  return starting(seen, pod);
}

const ended = (seen: AttemptSeen, pod: PodSeen | undefined): AttemptState => ({
  kind: "ended",
  end: attemptEnd(seen, pod),
});

function hasVerdict(pod: PodSeen, runUid: string): boolean {
  const { report } = readReport(pod, runUid);
  return report !== undefined && isVerdict(report);
}

/** Once nothing runs, a Pod that has reported tells more than a newer one that has not. */
function withReport(pods: readonly PodSeen[], pod: PodSeen, seen: AttemptSeen): PodSeen {
  const reported = [pod, ...pods].find((each) => readReport(each, seen.runUid).report !== undefined);
  return reported ?? pod;
}

function hasEnded(pod: PodSeen, seen: AttemptSeen): boolean {
  const isLast = pod.phase === "Succeeded" || pod.phase === "Failed";
  if (!isLast && pod.trainer.terminated === undefined) return false;
  return isExplained(pod, seen) || !isExplanationDue(pod, seen);
}

/** Whether nothing that is still to be told can change what the end means. */
function isExplained(pod: PodSeen, seen: AttemptSeen): boolean {
  const { exitCode, reason } = pod.trainer.terminated ?? {};
  const wasStopped = exitCode === undefined || exitCode === signals.kill || exitCode === signals.terminate;
  if (!wasStopped || reason === "OOMKilled" || interruption(seen, pod) !== undefined) return true;
  const { report } = readReport(pod, seen.runUid);
  return report !== undefined && !isOfStop(report);
}

const settlingSeconds = 60;

/**
 * A kubelet writes that a container was killed first, and a little later why; a Job says that its deadline is over once its Pods have
 * ended. A node whose clock is wrong is not waited for.
 */
function isExplanationDue(pod: PodSeen, { job, now }: AttemptSeen): boolean {
  if (job === undefined || job.deleting || job.suspended || job.finished !== undefined) return false;
  const endedAt = pod.trainer.terminated?.finishedAt ?? pod.deletingAt ?? pod.createdAt;
  return Math.abs(now.getTime() - endedAt.getTime()) < settlingSeconds * 1000;
}

/**
 * A Job that is neither finished nor suspended gets an end or another Pod from its controller: what that will be is not known yet. One
 * that was suspended before it had a Pod, by a queue for Jobs perhaps, gets its first one when it is released.
 */
function withoutPod(seen: AttemptSeen, pod: PodSeen | undefined): AttemptState {
  const { job } = seen;
  if (job === undefined || job.finished !== undefined) return ended(seen, pod);
  if (job.deleting) return { kind: "stopping" };
  if (job.suspended && (pod !== undefined || !seen.mayBegin)) return ended(seen, pod);
  return pod === undefined ? { kind: "pending", why: pendingReason(seen, pod) } : { kind: "stopping" };
}

const isStopping = (job: JobSeen | undefined, pod: PodSeen): boolean =>
  job === undefined ||
  job.deleting ||
  job.suspended ||
  job.finished !== undefined ||
  pod.deletingAt !== undefined ||
  pod.trainer.terminated !== undefined;

function starting(seen: AttemptSeen, pod: PodSeen): AttemptState {
  const { runningSince } = pod.trainer;
  if (runningSince === undefined) return { kind: "pending", why: pendingReason(seen, pod) };
  const progress = seen.log === undefined ? undefined : newestProgress(seen.log);
  return { kind: "running", since: runningSince, progress };
}
