import { RunReason } from "../../../contract/run-reasons.ts";
import type { PodSeen, Refusal } from "../seen.ts";
import { plusSeconds, timeText } from "../times.ts";

const patienceSeconds = 600;

export const isUnfinished = ({ gone, phase }: PodSeen): boolean =>
  !gone && phase !== "Succeeded" && phase !== "Failed";

/** From then on a Pod that is still terminating is on a node that does not answer; undefined for one that nobody deletes. */
export const nodeLostAt = ({ deletingAt }: PodSeen): Date | undefined =>
  deletingAt && plusSeconds(deletingAt, patienceSeconds);

/** What to do about a Pod that does not end; undefined while it may still. */
export function nodeLost(pod: PodSeen, namespace: string, now: Date): Refusal | undefined {
  const { name, node, deletingAt } = pod;
  const since = nodeLostAt(pod);
  if (deletingAt === undefined || since === undefined || now < since || !isUnfinished(pod)) return undefined;
  const where = node ?? "unknown";
  return {
    reason: RunReason.NodeLost,
    message:
      `Pod ${name} should have ended at ${timeText(deletingAt)}, but its node ${where} does not answer. ` +
      `Bring the node back; or, if it is switched off, kubectl taint nodes ${where} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute; ` +
      `or, if nothing can run there any more, kubectl delete pod ${name} --namespace ${namespace} --force`,
  };
}
