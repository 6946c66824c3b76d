import { isUnfinished } from "./line/node-lost.ts";
import type { Action } from "./plan.ts";
import { isSuperseded, ownJobs } from "./run/open-attempt.ts";
import type { JobSeen, RunSeen, Seen } from "./seen.ts";
import { plusSeconds } from "./times.ts";

/** Long enough to read on Monday the log of a run that failed on Saturday. */
const keptSeconds = 3 * 86_400;
/** The kubelet tells a container's end a little before the Pod's. */
const settlingSeconds = 60;

/** A Job of an attempt whose end is written down. */
interface Leftover {
  readonly job: JobSeen;
  readonly endedAt: Date;
}

/** Those of runs that are gone, or go, are the garbage collector's. */
export const leftoversIn = ({ runs, jobs }: Seen): readonly Leftover[] =>
  runs.filter(({ deleting }) => !deleting).flatMap((run) => leftoversOf(run, jobs));

const leftoversOf = (run: RunSeen, jobs: readonly JobSeen[]): readonly Leftover[] =>
  ownJobs(run, jobs).flatMap((job) => {
    const endedAt = endOf(run, job);
    return endedAt === undefined || job.deleting ? [] : [{ job, endedAt: new Date(endedAt) }];
  });

function endOf(run: RunSeen, job: JobSeen): string | undefined {
  const { attempts = [], completionTime } = run.status;
  const record = attempts.find(({ job: name }) => name === job.name);
  if (record?.finishedAt !== undefined) return record.finishedAt;
  return isSuperseded(run, job) ? attempts[0]?.startedAt : completionTime;
}

/** A suspended Job would never end, one that has no Pod may not, and one whose Pod goes on not soon: those are suspended first. */
export function ending({ job, endedAt }: Leftover, { pods }: Seen, now: Date): Action | undefined {
  if (job.finished !== undefined) return undefined;
  if (job.suspended) return { do: "delete-job", job };
  const own = pods.filter((pod) => pod.jobUid === job.uid && !pod.gone);
  const goesOn = own.length === 0 || own.some(isUnfinished);
  return goesOn && now >= settledAt(endedAt) ? { do: "suspend-job", job } : undefined;
}

const settledAt = (endedAt: Date): Date => plusSeconds(endedAt, settlingSeconds);

/** When a Job that has not ended is looked at again. */
export const endingDueAt = ({ job, endedAt }: Leftover, now: Date): Date | undefined =>
  job.finished === undefined && now < settledAt(endedAt) ? settledAt(endedAt) : undefined;

export const expiry = ({ job }: Leftover): Action | undefined =>
  job.finished === undefined || job.ttlSecondsAfterFinished !== undefined
    ? undefined
    : { do: "expire-job", job, seconds: keptSeconds };
