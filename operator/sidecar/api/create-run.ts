import { z } from "zod";

import { resources, KubeError, type KubeObject } from "../../kube/api.ts";
import { Problem, problem } from "../http/problem.ts";
import { isActive, phaseOf } from "../runs/phase.ts";
import { readWatchedRun, type WatchedRun } from "../runs/runs.ts";
import { linkTo } from "../runs/view.ts";
import type { ApiContext } from "./context.ts";
import { fromKube, problemOf, unlessMissing } from "./kube-problem.ts";
import type { LiveRuns } from "./live-runs.ts";
import { manifestOf, requestAnnotation, type Order } from "./order.ts";
import { fingerprintOf, nameAfter, nameByKey } from "./run-names.ts";

export interface Asking {
  readonly order: Order;
  /** The request's Idempotency-Key. */
  readonly key: string | undefined;
  /** Whether the order has to be refused as long as this run of its model is active. */
  readonly isBlockedBy: (run: WatchedRun) => boolean;
}

/** Creates runs so that requests which race, on however many replicas, come to one. */
export type CreateRun = (asking: Asking) => Promise<WatchedRun>;

/**
 * With a key: the key's run, whether it was made now or before. Without: a new run, or the Problem 409 that names the active one. All that
 * decides is asked of the API server itself, for a watch may be late.
 */
export function createRunCreator(context: ApiContext, live: LiveRuns): CreateRun {
  return async (asking) => {
    const { order, key } = asking;
    const { model, requestedBy } = order.spec;
    if (key === undefined) return await createNext(context, asking, await newestOrBlocked(asking, live));
    const name = nameByKey(requestedBy, model, key);
    const known = await find(context, name);
    if (known !== undefined) return ofSameRequest(known, order, context);
    // The key's own run may have been made since: whoever finds it answers with it.
    const isBlockedBy = (run: WatchedRun): boolean => run.name !== name && asking.isBlockedBy(run);
    await newestOrBlocked({ ...asking, isBlockedBy }, live);
    const made = await tryToCreate(context, order, name);
    return "created" in made ? made.created : ofSameRequest(made.existing, order, context);
  };
}

/** The model's newest run. Throws the Problem 409 when one of them blocks the order. */
async function newestOrBlocked({ order, isBlockedBy }: Asking, live: LiveRuns): Promise<string | undefined> {
  const runs = (await live()).filter(({ model }) => model === order.spec.model);
  const blocking = runs.find((run) => isActive(run) && isBlockedBy(run));
  if (blocking !== undefined) throw runActive(blocking);
  return runs[0]?.uid;
}

/** Runs of one second have no order: the one that follows the newest may have been made before, and have ended. Its follower is the next. */
const mostFollowers = 20;

async function createNext(
  context: ApiContext,
  { order, isBlockedBy }: Asking,
  newestUid: string | undefined,
): Promise<WatchedRun> {
  const { model, restore } = order.spec;
  const purpose = restore === undefined ? "train" : "restore";
  let uid = newestUid;
  for (let follower = 0; follower < mostFollowers; follower++) {
    const made = await tryToCreate(context, order, nameAfter(model, uid, purpose));
    if ("created" in made) return made.created;
    const existing = readOrRefuse(made.existing, context);
    if (isActive(existing) && isBlockedBy(existing)) throw runActive(existing);
    uid = existing.uid;
  }
  throw problem(409, "conflict", `Other requests for ${model} came first: ask again`);
}

type Made = { readonly created: WatchedRun } | { readonly existing: KubeObject };

async function tryToCreate(context: ApiContext, order: Order, name: string): Promise<Made> {
  const { kube, namespace } = context;
  const place = { resource: resources.retrainRuns, namespace };
  try {
    return { created: readOrRefuse(await kube.create(place, manifestOf(order, name)), context) };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.status !== 409 || error.reason !== "AlreadyExists") throw problemOf(error);
    return { existing: await fromKube(kube.get({ ...place, name })) };
  }
}

const find = ({ kube, namespace }: ApiContext, name: string): Promise<KubeObject | undefined> =>
  unlessMissing(kube.get({ resource: resources.retrainRuns, namespace, name }));

const Marked = z.object({
  metadata: z.object({ annotations: z.object({ [requestAnnotation]: z.string() }) }),
});

/** Throws the Problem 422 when the run was asked for in other words. */
function ofSameRequest(object: KubeObject, { spec, reason }: Order, context: ApiContext): WatchedRun {
  const mark = Marked.safeParse(object).data?.metadata.annotations[requestAnnotation];
  if (mark === fingerprintOf(spec, reason)) return readOrRefuse(object, context);
  throw problem(
    422,
    "idempotency-key-reused",
    `The Idempotency-Key was used for another request, whose run is ${object.metadata.name}: use a new key`,
    { run: object.metadata.name },
  );
}

function readOrRefuse(object: KubeObject, { configuration }: ApiContext): WatchedRun {
  const run = readWatchedRun(object, configuration);
  if (run !== undefined) return run;
  throw problem(503, "unreadable-run", `The run ${object.metadata.name} cannot be read as a RetrainRun`);
}

function runActive(run: WatchedRun): Problem {
  const detail =
    `The run ${run.name} of ${run.model} is active (${phaseOf(run)}): ` +
    "wait until it has ended, or cancel it";
  const location = linkTo(run);
  return new Problem(409, "run-active", detail, {
    extra: { run: run.name, location },
    headers: { Location: location },
  });
}
