import type { JobSeen, PodSeen } from "../../../operator/reconcile/seen.ts";
import { podSeen, secondsLater } from "../seen.ts";
import { isUnfinished, type Objects } from "./objects.ts";

/** One round of the garbage collector and of the Job controller; whether anything has changed. */
export function runControllers(objects: Objects): boolean {
  const before = all(objects);
  for (const run of objects.runs.values()) if (run.deleting) objects.runs.delete(run.uid);
  for (const job of objects.jobs.values()) collect(objects, job);
  for (const pod of objects.pods.values()) orphaned(objects, pod);
  for (const job of objects.jobs.values()) if (job.finished === undefined) control(objects, job);
  const after = all(objects);
  return before.length !== after.length || after.some((object, at) => object !== before[at]);
}

/** Objects are replaced, never changed. */
const all = ({ runs, jobs, pods }: Objects): readonly unknown[] => [
  ...runs.values(),
  ...jobs.values(),
  ...pods.values(),
];

function collect({ runs, jobs, now }: Objects, job: JobSeen): void {
  const { ownerUid, uid, finished, ttlSecondsAfterFinished } = job;
  const isOrphan = ownerUid !== undefined && !runs.has(ownerUid) && ownerUid !== "somebody else";
  const ttl = ttlSecondsAfterFinished;
  const isOld = finished !== undefined && ttl !== undefined && now >= secondsLater(ttl, finished.at);
  if (isOrphan || isOld) jobs.delete(uid);
}

function orphaned(objects: Objects, pod: PodSeen): void {
  if (!pod.gone && pod.jobUid !== undefined && !objects.jobs.has(pod.jobUid)) deletePod(objects, pod);
}

/** A Pod without a container goes at once, one that has ended too; the others have a minute. */
export function deletePod({ pods, now }: Objects, pod: PodSeen): void {
  if (pod.deletingAt !== undefined) return;
  const deleted = { ...pod, deletingAt: secondsLater(60, now) };
  const hasToEnd = isUnfinished(pod) && pod.trainer.runningSince !== undefined;
  pods.set(pod.uid, hasToEnd ? deleted : { ...deleted, gone: true });
}

function control(objects: Objects, job: JobSeen): void {
  const own = [...objects.pods.values()].filter(({ jobUid }) => jobUid === job.uid);
  if (job.suspended) for (const pod of own.filter(isUnfinished)) deletePod(objects, pod);
  const ended = own.find((pod) => !isUnfinished(pod));
  if (ended !== undefined) ending(objects, job, ended);
  if (own.length > 0 || job.suspended) return;
  const name = `${job.name}-x${String(objects.pods.size)}`;
  const uid = `${name} of ${job.uid}`;
  objects.pods.set(uid, podSeen({ name, uid, jobUid: job.uid, createdAt: objects.now }));
}

function ending(objects: Objects, job: JobSeen, { phase }: PodSeen): void {
  if (job.suspended && phase !== "Succeeded" && !objects.failsSuspended) return;
  const finished =
    phase === "Succeeded"
      ? ({ type: "Complete", reason: "CompletionsReached", message: "" } as const)
      : ({ type: "Failed", reason: "BackoffLimitExceeded", message: "" } as const);
  objects.jobs.set(job.uid, { ...job, finished: { ...finished, at: objects.now } });
}
