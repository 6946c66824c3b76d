import { RunReason } from "../../../contract/run-reasons.ts";
import type { JobSeen, PodSeen, Refusal, Seen } from "../seen.ts";
import { isUnfinished, nodeLost, nodeLostAt } from "./node-lost.ts";

/** What keeps a Job from being created although no run of the model is active. */
export interface Obstacle {
  readonly word: Refusal;
  /** When the word changes, if nothing else does. */
  readonly changesAt: Date | undefined;
}

/**
 * A Job or Pod of the model that has not ended: of an earlier attempt, or of a run that is gone. Two trainers of one model would
 * overtake each other.
 */
export function obstacleIn({ namespace, pods, jobs }: Seen, now: Date): Obstacle | undefined {
  const pod = pods.filter(isUnfinished).toSorted(byEnd)[0];
  if (pod !== undefined) {
    const lost = nodeLost(pod, namespace, now);
    return { word: lost ?? waitingFor(pod), changesAt: lost === undefined ? nodeLostAt(pod) : undefined };
  }
  const job = jobs.find(({ finished }) => finished === undefined);
  return job && { word: waitingForJob(job), changesAt: undefined };
}

/** The one that should have ended first. */
const byEnd = (one: PodSeen, other: PodSeen): number =>
  (one.deletingAt?.getTime() ?? Number.MAX_VALUE) - (other.deletingAt?.getTime() ?? Number.MAX_VALUE);

const waitingFor = ({ name, node }: PodSeen): Refusal => ({
  reason: RunReason.WaitingForOldPod,
  message: `Pod ${name} of an earlier attempt or run has not ended yet${node === undefined ? "" : ` on node ${node}`}`,
});

const waitingForJob = ({ name }: JobSeen): Refusal => ({
  reason: RunReason.WaitingForOldPod,
  message: `Job ${name} of an earlier attempt or run has not ended yet`,
});
