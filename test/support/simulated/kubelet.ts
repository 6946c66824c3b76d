import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import type { TerminationMessage } from "../../../contract/termination-message.ts";
import type { PodSeen } from "../../../operator/reconcile/seen.ts";
import { noContainer } from "../seen.ts";
import type { SimulatedCluster } from "./cluster.ts";
import { isUnfinished, type Objects } from "./objects.ts";

export interface End {
  readonly exitCode?: number;
  readonly report?: Partial<TerminationMessage>;
  /** What stands there instead of a report. */
  readonly message?: string;
  /** The container's, e.g. OOMKilled. */
  readonly reason?: string;
  /** The Pod was evicted, preempted or drained. */
  readonly isDisrupted?: boolean;
}

/** A run whose first attempt runs. */
export function startRun(cluster: SimulatedCluster, name: string, spec: RetrainRunSpec = {}): void {
  cluster.create({ name, spec });
  cluster.settle();
  runPod(cluster, podOf(cluster, name));
  cluster.settle();
}

/** The Pod that a run has now ends. */
export function endRun(cluster: SimulatedCluster, name: string, end: End): void {
  endPod(cluster, podOf(cluster, name), end);
  cluster.settle();
}

/** The Pod of a run that has not ended. */
export function podOf({ pods, jobs, runs }: Objects, name: string): PodSeen {
  const run = [...runs.values()].find((each) => each.name === name);
  const own = [...jobs.values()].filter(({ ownerUid }) => ownerUid === run?.uid).map(({ uid }) => uid);
  const pod = [...pods.values()].find((each) => isUnfinished(each) && own.includes(each.jobUid ?? ""));
  if (pod === undefined) throw new Error(`Run ${name} has no Pod`);
  return pod;
}

export function runPod({ pods, now }: Objects, pod: PodSeen): void {
  pods.set(pod.uid, { ...pod, phase: "Running", trainer: { ...noContainer, runningSince: now } });
}

export function waitPod({ pods }: Objects, pod: PodSeen, reason: string): void {
  const waiting = { reason, message: "it does not work" };
  pods.set(pod.uid, { ...pod, trainer: { ...noContainer, waiting } });
}

/** The container ends and with it the Pod; one that is being deleted goes. */
export function endPod({ pods, now }: Objects, pod: PodSeen, end: End): void {
  const { exitCode = 0, report, message = "", reason = exitCode === 0 ? "Completed" : "Error" } = end;
  const text = report === undefined ? message : JSON.stringify(report);
  pods.set(pod.uid, {
    ...pod,
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    gone: pod.deletingAt !== undefined,
    conditions: end.isDisrupted === true ? [disrupted] : [],
    trainer: { ...noContainer, terminated: { exitCode, reason, message: text, finishedAt: now } },
  });
}

const disrupted = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
};
