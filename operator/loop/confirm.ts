import { KubeError, resources, type Kube } from "../kube/api.ts";
import { Label } from "../reconcile/labels.ts";
import type { JobSeen, PodSeen, RunSeen } from "../reconcile/seen.ts";
import type { Key } from "./keys.ts";
import type { Known, World } from "./world.ts";

/**
 * What is known of a key, after asking the API server wherever something that is missing would end an attempt: three watches
 * have no common order, and a Job, or how its Pod ended, may only not have been shown yet. A failure to ask fails the pass.
 */
export async function confirmed(world: World, kube: Kube, key: Key): Promise<Known> {
  for (const open of openAttempts(world.of(key))) {
    if (jobOf(world.of(key), open) === undefined) await askForJob(world, kube, open);
    if (lacksPod(world.of(key), open)) await askForPods(world, kube, open);
  }
  return world.of(key);
}

interface OpenAttempt {
  readonly run: RunSeen;
  readonly jobName: string;
}

/** Those that the status has open, and Jobs of which a crash kept the record from being written. */
function openAttempts({ runs, jobs }: Known): readonly OpenAttempt[] {
  const open = runs.filter(({ status }) => status.verdict === undefined);
  return open.flatMap((run) => {
    const recorded = run.status.attempts ?? [];
    const own = jobs.filter(({ ownerUid }) => ownerUid === run.uid).map(({ name }) => name);
    const names = new Set([...recorded.slice(-1).map(({ job }) => job), ...own]);
    for (const { job, finishedAt } of recorded) if (finishedAt !== undefined) names.delete(job);
    return [...names].map((jobName) => ({ run, jobName }));
  });
}

const jobOf = ({ jobs }: Known, { run, jobName }: OpenAttempt): JobSeen | undefined =>
  jobs.find(({ name, ownerUid }) => name === jobName && ownerUid === run.uid);

/** The Job is over, and no Pod tells how; or it is suspended, and there is no Pod that would tell. */
function lacksPod(known: Known, open: OpenAttempt): boolean {
  const job = jobOf(known, open);
  const pods = known.pods.filter(({ jobUid }) => jobUid === job?.uid);
  if (job === undefined || job.finished !== undefined) return !pods.some(hasEnded);
  return job.suspended && pods.length === 0;
}

const hasEnded = ({ trainer }: PodSeen): boolean => trainer.terminated !== undefined;

async function askForJob(world: World, kube: Kube, { run, jobName }: OpenAttempt): Promise<void> {
  try {
    const at = { resource: resources.jobs, namespace: run.namespace, name: jobName };
    world.answeredJob(await kube.get(at));
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 404) throw error;
  }
}

async function askForPods(world: World, kube: Kube, { run }: OpenAttempt): Promise<void> {
  const place = { resource: resources.pods, namespace: run.namespace };
  const { items } = await kube.list(place, { labelSelector: `${Label.runUid}=${run.uid}`, fresh: true });
  for (const pod of items) world.answeredPod(pod);
}
