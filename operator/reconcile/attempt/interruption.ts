import { RunReason } from "../../../contract/run-reasons.ts";
import type { AttemptEnd, AttemptSeen } from "./attempt.ts";
import type { PodSeen } from "../seen.ts";
import { quoted } from "./safe-text.ts";

/** Why an attempt ended that did not end by itself. `message` is whole sentences without the last full stop. */
export type Cause = Pick<AttemptEnd, "outcome" | "reason" | "message">;

type Seen = Pick<AttemptSeen, "job">;

/**
 * The deadline or the cluster has ended the attempt: what the container's exit code says was caused by it. Conditions,
 * reasons and messages are those of Kubernetes 1.34's kubelet, Job, taint, garbage collection and eviction parts.
 */
export function interruption(seen: Seen, pod: PodSeen | undefined): Cause | undefined {
  return (
    deadline(seen, pod) ??
    eviction(pod) ??
    disruption(pod) ??
    rejection(pod) ??
    lostContainer(seen, pod) ??
    disruptionOfJob(seen)
  );
}

const isTrue = (pod: PodSeen | undefined, type: string): PodSeen["conditions"][number] | undefined =>
  pod?.conditions.find((condition) => condition.type === type && condition.status === "True");

function deadline({ job }: Seen, pod: PodSeen | undefined): Cause | undefined {
  const isPods = pod?.reason === "DeadlineExceeded";
  if (!isPods && job?.finished?.reason !== "DeadlineExceeded") return undefined;
  const what = isPods
    ? `Pod ${pod.name} was active for longer than job.activeDeadlineSeconds allows`
    : "The Job was active for longer than job.pendingDeadlineSeconds and job.activeDeadlineSeconds together allow";
  return {
    outcome: "timedOut",
    reason: RunReason.DeadlineExceeded,
    message: `${what} and was stopped; raise job.activeDeadlineSeconds or find out in its log what took so long`,
  };
}

/** A kubelet that evicts for its node's sake also sets DisruptionTarget; without it the Pod was over a limit of its own. */
function eviction(pod: PodSeen | undefined): Cause | undefined {
  if (pod?.reason !== "Evicted") return undefined;
  const forNode = isTrue(pod, "DisruptionTarget") !== undefined;
  const todo = forNode
    ? "the attempt is repeated; if it happens again, raise job.resources.requests to what the trainer needs"
    : "give the trainer more of what the message names, or less to keep there";
  return {
    outcome: forNode ? "disruption" : "counted",
    reason: RunReason.Evicted,
    message: `Pod ${pod.name} was evicted by the kubelet of ${nodeOf(pod)}: ${quoted(pod.message ?? "no message")}; ${todo}`,
  };
}

const disrupters: ReadonlyMap<string, string> = new Map([
  ["EvictionByEvictionAPI", "was evicted, as when its node is drained"],
  ["PreemptionByScheduler", "had to make room for a Pod of higher priority"],
  ["DeletionByTaintManager", "was deleted because its node is tainted, as when it does not answer"],
  ["DeletionByPodGC", "was deleted because its node no longer exists"],
  ["TerminationByKubelet", "was ended by its node"],
]);

function disruption(pod: PodSeen | undefined): Cause | undefined {
  const condition = isTrue(pod, "DisruptionTarget");
  if (pod === undefined || condition === undefined) return undefined;
  const what = disrupters.get(condition.reason) ?? `was disrupted (${quoted(condition.reason, 100)})`;
  return disrupted(`Pod ${pod.name} on ${nodeOf(pod)} ${what}: ${quoted(condition.message)}`);
}

/** A kubelet that does not admit a Pod fails it without starting anything: OutOfcpu, OutOfmemory, NodeAffinity, NodeShutdown, … */
function rejection(pod: PodSeen | undefined): Cause | undefined {
  if (pod?.phase !== "Failed" || pod.reason === undefined) return undefined;
  if (pod.trainer.terminated !== undefined) return undefined;
  const reason = quoted(pod.reason, 100);
  return disrupted(`Pod ${pod.name} was not run by ${nodeOf(pod)} (${reason}): ${quoted(pod.message ?? "")}`);
}

/**
 * After a crash of the node the runtime (exit code 255) or the kubelet finds containers of which nobody knows how they ended. Of a
 * container that had not started when its Job was suspended, a kubelet says the same.
 */
function lostContainer({ job }: Seen, pod: PodSeen | undefined): Cause | undefined {
  const { terminated } = pod?.trainer ?? {};
  if (pod === undefined || terminated === undefined || job?.suspended === true) return undefined;
  const { reason, exitCode } = terminated;
  if (reason !== "ContainerStatusUnknown" && !(reason === "Unknown" && exitCode === 255)) return undefined;
  return disrupted(
    `The trainer's container of Pod ${pod.name} was lost by ${nodeOf(pod)}, as when a node restarts (${reason})`,
  );
}

/** The Pod has gone; the Job's podFailurePolicy has kept what it was. */
function disruptionOfJob({ job }: Seen): Cause | undefined {
  const { reason, message = "" } = job?.finished ?? {};
  if (reason !== "PodFailurePolicy" || !message.includes("has condition DisruptionTarget")) return undefined;
  return disrupted(
    `The attempt's Pod was disrupted, as by a drain, an eviction or a preemption: ${quoted(message)}`,
  );
}

const disrupted = (what: string): Cause => ({
  outcome: "disruption",
  reason: RunReason.Disrupted,
  message: `${what}; the attempt is repeated`,
});

const nodeOf = ({ node }: PodSeen): string => (node === undefined ? "its node" : `node ${quoted(node, 253)}`);
