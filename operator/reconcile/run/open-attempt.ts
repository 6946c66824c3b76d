import type { RetrainRunStatus } from "../../../contract/status.ts";
import { attemptOf } from "../job-name.ts";
import type { AttemptRecord } from "../moment.ts";
import type { JobSeen, PodSeen, RunSeen, Seen } from "../seen.ts";
import { timeText } from "../times.ts";

/** An attempt whose end is not written down yet. */
export interface OpenAttempt {
  readonly record: AttemptRecord;
  /** Undefined when somebody deleted it. */
  readonly job: JobSeen | undefined;
  readonly pods: readonly PodSeen[];
}

/** The recorded one, or a Job of the run's own of which a crash kept the record from being written. */
export function openAttempt(run: RunSeen, seen: Seen): OpenAttempt | undefined {
  const last = run.status.attempts?.at(-1);
  if (last !== undefined && last.finishedAt === undefined) {
    return attemptOfJob(
      last,
      ownJobs(run, seen.jobs).find(({ name }) => name === last.job),
      seen,
    );
  }
  const [job] = ownJobs(run, seen.jobs).filter(({ name }) => numberOf(name) > lastNumber(run));
  return job && attemptOfJob({ job: job.name, startedAt: timeText(job.createdAt) }, job, seen);
}

/** In the order of their attempts. */
export const ownJobs = (run: RunSeen, jobs: readonly JobSeen[]): readonly JobSeen[] =>
  jobs
    .filter(({ ownerUid }) => ownerUid === run.uid)
    .toSorted((one, other) => numberOf(one.name) - numberOf(other.name));

/** The number that the next attempt gets; those given are never given again. */
export const nextNumber = (run: RunSeen, jobs: readonly JobSeen[]): number =>
  1 + Math.max(lastNumber(run), ...ownJobs(run, jobs).map(({ name }) => numberOf(name)));

/** A later attempt has been recorded. */
export const isSuperseded = (run: RunSeen, job: JobSeen): boolean => numberOf(job.name) < lastNumber(run);

const numberOf = (job: string): number => attemptOf(job) ?? 0;
const lastNumber = ({ status }: RunSeen): number => numberOf(status.attempts?.at(-1)?.job ?? "");

/** A deleted Job's Pods are known by the name that the Job controller gave them. */
const attemptOfJob = (record: AttemptRecord, job: JobSeen | undefined, { pods }: Seen): OpenAttempt => ({
  record,
  job,
  pods: pods.filter(({ jobUid, name }) =>
    job === undefined ? name.startsWith(`${record.job}-`) : jobUid === job.uid,
  ),
});

/** What the status says of a run's attempts once this one is among them; the last ten are kept. */
export const recorded = (
  { status }: RunSeen,
  record: AttemptRecord,
): Pick<Required<RetrainRunStatus>, "attempts" | "startTime"> => ({
  attempts: [...(status.attempts ?? []).filter(({ job }) => job !== record.job), record].slice(-10),
  startTime: status.startTime ?? record.startedAt,
});
