import { resources, type Kube, type KubeObject, type Named } from "../kube/api.ts";
import type { Action, Plan, PlannedEvent, StatusChange } from "../reconcile/plan.ts";
import type { JobSeen, RunSeen, Seen } from "../reconcile/seen.ts";
import { createJob } from "./create-job.ts";
import { keyOf } from "./keys.ts";
import type { RefusedJobs } from "./refused-jobs.ts";
import { statusPatch } from "./status-patch.ts";
import type { World } from "./world.ts";
import { hasStatus, runAt, writeRun } from "./write-run.ts";

export type Outcome =
  | "done"
  /** What was decided on is no longer so, or the Job was refused: decide again at once. */
  | "again";

export interface ApplyParts {
  /** Writes only as long as the namespace's Lease is held. */
  readonly kube: Kube;
  readonly world: World;
  readonly refusedJobs: RefusedJobs;
  readonly clock: () => Date;
  readonly record: (event: PlannedEvent) => void;
}

/**
 * Carries out a plan: its action, then the statuses, then the Events of those that were written. A crash between two steps leaves
 * what the next pass repairs. Throws what a later try may not meet.
 */
export async function apply(plan: Plan, seen: Seen, parts: ApplyParts): Promise<Outcome> {
  const acted = await act(plan.action, seen, parts);
  if (acted === "again") return "again";
  const stale = new Set<string>();
  for (const change of plan.statuses) {
    const { uid, resourceVersion } = change.run;
    const version = acted.run?.metadata.uid === uid ? acted.run.metadata.resourceVersion : resourceVersion;
    if (!(await writeStatus(change, version, parts))) stale.add(uid);
  }
  for (const event of plan.events) if (!stale.has(event.run.uid)) parts.record(event);
  return stale.size === 0 ? "done" : "again";
}

/** With the run that it has changed, if any: a status can be written only to its newest version. */
type Acted = { readonly run?: KubeObject | undefined } | "again";

async function act(action: Action, seen: Seen, parts: ApplyParts): Promise<Acted> {
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
    refusedJobs.set(key, action.run.uid, { ...creation.refusal, at: clock() });
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

/** One that has gone meanwhile needs no change. */
async function changeJob(
  job: JobSeen,
  spec: object,
  seen: Seen,
  { kube, world }: ApplyParts,
): Promise<Acted> {
  try {
    // The uid is a precondition: another Job of the name is not meant.
    world.answeredJob(await kube.patch(jobAt(job, seen), { metadata: { uid: job.uid }, spec }));
  } catch (error) {
    if (!isGone(error)) throw error;
    world.remove(job.uid);
  }
  return {};
}

async function remove(at: Named & { readonly uid: string }, { kube, world }: ApplyParts): Promise<Acted> {
  try {
    await kube.remove(at);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  // If something else keeps it, the watch shows how.
  world.remove(at.uid);
  return {};
}

/** Or another one has its name: 409. */
const isGone = (error: unknown): boolean => hasStatus(error, 404) || hasStatus(error, 409);

/** False when the run was no longer as it had been seen. */
async function writeStatus(
  { run, status }: StatusChange,
  version: string,
  { kube, world }: ApplyParts,
): Promise<boolean> {
  const patch = statusPatch(run.status, status, version);
  const at = { ...runAt(run), subresource: "status" } as const;
  return (await writeRun(kube, world, run, () => kube.patch(at, patch))) !== undefined;
}
