import { resources, type KubeObject, type Named } from "../kube/api.ts";
import { hasStatus } from "../kube/failure.ts";
import type { Action } from "../reconcile/plan.ts";
import type { JobSeen, RunSeen, Seen } from "../reconcile/seen.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { createJob, markRefused } from "./create-job.ts";
import { keyOf } from "./keys.ts";
import type { World } from "./world.ts";
import { runAt, writeRun } from "./write-run.ts";

/** With the run that it has changed, if any: a status can be written only to its newest version. */
export type Acted = { readonly run?: KubeObject | undefined } | "again";

/** Does the plan's action. What it should change and has gone meanwhile needs no change. */
export async function act(action: Action, seen: Seen, parts: ApplyParts): Promise<Acted> {
  switch (action.do) {
    case "nothing":
      return {};
    case "create-job":
      return await create(action, seen, parts);
    case "suspend-job":
      return await changeJob(action.job, { suspend: true }, seen, parts);
    case "expire-job":
      return await changeJob(action.job, { ttlSecondsAfterFinished: action.seconds }, seen, parts);
    case "delete-job":
      return await remove({ ...jobAt(action.job, seen), uid: action.job.uid }, parts);
    case "cancel-run":
      return await cancel(action.run, parts);
    case "delete-run":
      return await remove({ ...runAt(action.run), uid: action.run.uid }, parts);
    default:
      return action satisfies never;
  }
}

async function create(
  action: Extract<Action, { readonly do: "create-job" }>,
  seen: Seen,
  { kube, world, refusedJobs, clock }: ApplyParts,
): Promise<Acted> {
  const key = keyOf(seen.namespace, seen.model);
  const creation = await createJob(kube, world, action, seen);
  if (creation.kind === "created") {
    refusedJobs.drop(key, action.run.uid);
    return { run: creation.run };
  }
  if (creation.kind === "refused") {
    const at = clock();
    refusedJobs.set(key, action.run.uid, { ...creation.refusal, at });
    await markRefused(kube, world, { ...action, marked: creation.run }, at);
  }
  return "again";
}

async function cancel(run: RunSeen, { kube, world }: ApplyParts): Promise<Acted> {
  const { resourceVersion } = run;
  const patch = { metadata: { resourceVersion }, spec: { cancel: true } };
  const written = await writeRun(kube, world, run, () => kube.patch(runAt(run), patch));
  return written === undefined ? "again" : { run: written };
}

const jobAt = ({ name }: JobSeen, { namespace }: Seen): Named => ({
  resource: resources.jobs,
  namespace,
  name,
});

async function changeJob(job: JobSeen, spec: object, seen: Seen, parts: ApplyParts): Promise<Acted> {
  const { kube, world } = parts;
  const at = { ...jobAt(job, seen), uid: job.uid };
  try {
    // The uid is a precondition: another Job of the name is not meant.
    world.answeredJob(await kube.patch(at, { metadata: { uid: job.uid }, spec }));
  } catch (error) {
    if (!(await isGone(error, at, parts))) throw error;
    world.remove(job.uid);
  }
  return {};
}

type Exactly = Named & { readonly uid: string };

async function remove(at: Exactly, parts: ApplyParts): Promise<Acted> {
  const { kube, world } = parts;
  try {
    await kube.remove(at);
  } catch (error) {
    if (!(await isGone(error, at, parts))) throw error;
  }
  // If something else keeps it, the watch shows how.
  world.remove(at.uid);
  return {};
}

/** A conflict says so only when another object has the name by now: the server also answers so when many write at once. */
async function isGone(error: unknown, at: Exactly, { kube, world }: ApplyParts): Promise<boolean> {
  if (hasStatus(error, 404)) return true;
  if (!hasStatus(error, 409)) return false;
  try {
    const found = await kube.get(at);
    answered(world, at, found);
    return found.metadata.uid !== at.uid;
  } catch (problem) {
    if (hasStatus(problem, 404)) return true;
    throw problem;
  }
}

/** The next pass shall decide on it. */
function answered(world: World, { resource }: Named, found: KubeObject): void {
  if (resource === resources.jobs) world.answeredJob(found);
  else world.answeredRun(found);
}
