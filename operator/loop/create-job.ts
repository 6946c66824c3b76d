import type { V1Job } from "@kubernetes/client-node";

import { RunReason } from "../../contract/run-reasons.ts";
import { KubeError, resources, type Kube, type KubeObject } from "../kube/api.ts";
import { Annotation, Label } from "../reconcile/labels.ts";
import type { Refusal, RunSeen, Seen } from "../reconcile/seen.ts";
import { timeText } from "../reconcile/times.ts";
import { heldJob } from "./held.ts";
import { keyOf } from "./keys.ts";
import { refusalOf } from "./refused-jobs.ts";
import type { World } from "./world.ts";
import { runAt, writeRun } from "./write-run.ts";

export type Creation =
  /** The Job is there; the run has changed by its annotation. */
  | { readonly kind: "created"; readonly run: KubeObject }
  /** The run has changed, or the model has a Job that was not known: what was decided does not hold. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly run: KubeObject };

interface Create {
  readonly run: RunSeen;
  readonly job: V1Job;
}

/**
 * Creates the Job of an attempt. The run is marked first, so that its copy in a backup is known for one; then the
 * storage itself is asked for Jobs of the model. A crash between any two steps leaves what the next pass repairs.
 */
export async function createJob(kube: Kube, world: World, create: Create, seen: Seen): Promise<Creation> {
  const run = await writeRun(kube, world, create.run, () => markStarted(kube, create.run));
  if (run === undefined || (await hasUnseenJob(kube, world, seen))) return { kind: "overtaken" };
  const at = { resource: resources.jobs, namespace: seen.namespace };
  try {
    world.answeredJob(await kube.create(at, create.job));
    return { kind: "created", run };
  } catch (error) {
    if (isTaken(error)) return await taken(kube, world, create, run);
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { kind: "refused", refusal, run };
  }
}

function markStarted(kube: Kube, run: RunSeen): Promise<KubeObject> {
  const { uid, resourceVersion } = run;
  return kube.patch(runAt(run), {
    metadata: { resourceVersion, annotations: { [Annotation.started]: uid } },
  });
}

/** Notes in the run when its Job was refused first: from then on its deadline counts, whoever goes between. */
export async function markRefused(
  kube: Kube,
  world: World,
  { run, job, marked }: Create & { readonly marked: KubeObject },
  at: Date,
): Promise<void> {
  const name = job.metadata?.name ?? "";
  if (run.refused?.job === name) return;
  const { resourceVersion } = marked.metadata;
  const annotations = { [Annotation.refused]: `${name} ${timeText(at)}` };
  await writeRun(kube, world, run, () =>
    kube.patch(runAt(run), { metadata: { resourceVersion, annotations } }),
  );
}

async function hasUnseenJob(kube: Kube, world: World, { namespace, model, jobs }: Seen): Promise<boolean> {
  const known = new Set(jobs.map(({ uid }) => uid));
  const place = { resource: resources.jobs, namespace };
  const { items } = await kube.list(place, { labelSelector: `${Label.model}=${model}`, fresh: true });
  const unseen = items.filter(({ metadata }) => !known.has(metadata.uid));
  for (const job of unseen) world.answeredJob(job);
  return unseen.some((job) => heldJob(job)?.seen.finished === undefined);
}

const isTaken = (error: unknown): boolean =>
  error instanceof KubeError && error.status === 409 && error.reason === "AlreadyExists";

/** An earlier try whose answer was lost has made it, or it is somebody else's. */
async function taken(kube: Kube, world: World, { run, job }: Create, marked: KubeObject): Promise<Creation> {
  const name = job.metadata?.name ?? "";
  const object = await kube.get({ resource: resources.jobs, namespace: run.namespace, name });
  const held = heldJob(object);
  const isOwn = held?.seen.ownerUid === run.uid;
  if (isOwn && held.key === keyOf(run.namespace, run.model)) {
    world.answeredJob(object);
    return { kind: "created", run: marked };
  }
  // Under the label of another model it would not be seen here, and another one be created beside it.
  const what = isOwn
    ? `it is there without the label ${Label.model}=${run.model}`
    : "another Job has its name";
  const message = `Cannot create the Job ${name}: ${what}; delete that one, or create another RetrainRun`;
  return { kind: "refused", refusal: { reason: RunReason.NameConflict, message }, run: marked };
}
