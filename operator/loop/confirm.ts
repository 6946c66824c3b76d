import { resources, type Kube } from "../kube/api.ts";
import { hasStatus } from "../kube/failure.ts";
import { Label } from "../reconcile/labels.ts";
import type { JobSeen, PodSeen, RunSeen } from "../reconcile/seen.ts";
import type { Key } from "./keys.ts";
import { readJob } from "./read/job.ts";
import { readPod } from "./read/pod.ts";
import type { Known, World } from "./world.ts";

/**
 * What is known of a key, after asking the API server wherever something that is missing would end an attempt: three watches
 * have no common order, and a Job, or how its Pod ended, may only not have been shown yet. A failure to ask fails the pass.
 */
export async function confirmed(world: World, kube: Kube, key: Key): Promise<Known> {
  let strays: Strays = { jobs: [], pods: [] };
  for (const open of openAttempts(world.of(key))) {
    strays = await withJob(strays, open, { world, kube, key });
    strays = await withPods(strays, open, { world, kube, key });
  }
  return joined(world.of(key), strays);
}

/** What the API server has of a run of the key although the watches do not show it there: somebody has edited its labels. */
type Strays = Pick<Known, "jobs" | "pods">;

interface Asking {
  readonly world: World;
  readonly kube: Kube;
  readonly key: Key;
}

const joined = ({ runs, jobs, pods }: Known, strays: Strays): Known => ({
  runs,
  jobs: [...jobs, ...strays.jobs.filter(({ uid }) => !jobs.some((job) => job.uid === uid))],
  pods: [...pods, ...strays.pods.filter(({ uid }) => !pods.some((pod) => pod.uid === uid))],
});

async function withJob(strays: Strays, open: OpenAttempt, { world, kube, key }: Asking): Promise<Strays> {
  if (jobOf(joined(world.of(key), strays), open) !== undefined) return strays;
  const job = await askForJob(world, kube, open);
  return job?.ownerUid === open.run.uid ? { ...strays, jobs: [...strays.jobs, job] } : strays;
}

async function withPods(strays: Strays, open: OpenAttempt, { world, kube, key }: Asking): Promise<Strays> {
  const known = joined(world.of(key), strays);
  if (!lacksPod(known, open)) return strays;
  const job = jobOf(known, open);
  const pods = await askForPods(world, kube, open);
  return { ...strays, pods: [...strays.pods, ...pods.filter(({ jobUid }) => jobUid === job?.uid)] };
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

async function askForJob(
  world: World,
  kube: Kube,
  { run, jobName }: OpenAttempt,
): Promise<JobSeen | undefined> {
  try {
    const at = { resource: resources.jobs, namespace: run.namespace, name: jobName };
    const object = await kube.get(at);
    world.answeredJob(object);
    return readJob(object);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    return undefined;
  }
}

async function askForPods(world: World, kube: Kube, { run }: OpenAttempt): Promise<readonly PodSeen[]> {
  const place = { resource: resources.pods, namespace: run.namespace };
  const { items } = await kube.list(place, { labelSelector: `${Label.runUid}=${run.uid}`, fresh: true });
  for (const pod of items) world.answeredPod(pod);
  return items.flatMap((pod) => readPod(pod) ?? []);
}
