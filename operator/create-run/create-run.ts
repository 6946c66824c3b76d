import { z } from "zod";

import { apiVersion, type RetrainRunSpec } from "../../contract/retrain-run.ts";
import type { Configuration } from "../../contract/configuration.ts";
import { KubeError, resources, type Kube, type KubeObject } from "../kube/api.ts";
import { hasStatus } from "../kube/failure.ts";
import { readRun } from "../loop/read/run.ts";
import { hasDoneIt } from "../reconcile/run/period.ts";
import type { ScheduledJob } from "./scheduled-job.ts";

/** On a run: uid of the Job that created it, so that a repeated Pod of it knows its own. */
export const createdByJob = "retrain.velo/created-by-job";
const mostRuns = 9;

export interface Order {
  readonly namespace: string;
  readonly model: string;
  /** `2026-12` */
  readonly period: string;
  readonly job: ScheduledJob;
}

export interface Outcome {
  readonly run: string;
  /** Whether it was made now; else it was there and is, or has done, this period's. */
  readonly isNew: boolean;
}

/**
 * Makes sure that the period has its run: `<model>-<period>`, or, where that one ended without the period being done, `-2` to `-9`. Asked
 * again it does nothing more: the API server creates a name once. Throws when all nine have ended in vain, or the API server refuses.
 */
export async function createRun(
  kube: Pick<Kube, "create" | "get">,
  configuration: Configuration,
  order: Order,
): Promise<Outcome> {
  for (let number = 1; number <= mostRuns; number++) {
    const run = number === 1 ? firstName(order) : `${firstName(order)}-${String(number)}`;
    const existing = await createOrFind(kube, order, run);
    if (existing === undefined) return { run, isNew: true };
    if (isEnough(existing, configuration, order)) return { run, isNew: false };
  }
  throw new Error(
    `Cannot create a run of ${order.model} for ${order.period}: ${String(mostRuns)} runs of that month have ended without a version, the last of them ${firstName(order)}-${String(mostRuns)}; ` +
      "see why with kubectl describe retrainrun, and delete those that are not needed any more",
  );
}

const firstName = ({ model, period }: Order): string => `${model}-${period}`;

/** Undefined when it was created. */
async function createOrFind(
  kube: Pick<Kube, "create" | "get">,
  order: Order,
  name: string,
): Promise<KubeObject | undefined> {
  const place = { resource: resources.retrainRuns, namespace: order.namespace };
  for (;;) {
    try {
      await kube.create(place, manifestOf(order, name));
      return undefined;
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
    }
    try {
      return await kube.get({ ...place, name });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error; // Deleted in between: the name is free again.
    }
  }
}

function manifestOf({ namespace, model, period, job }: Order, name: string): object {
  const { uid, requestedBy } = job;
  const spec: RetrainRunSpec = { model, period, trigger: "Schedule", requestedBy };
  // No ownerReference: an uninstall that deletes the CronJob must not delete what has happened.
  return {
    apiVersion,
    kind: resources.retrainRuns.kind,
    metadata: { name, namespace, annotations: { [createdByJob]: uid } },
    spec,
  };
}

const Marked = z.object({
  metadata: z.object({ annotations: z.object({ [createdByJob]: z.string() }) }),
});

/** It has done the period or still may, or this very Job has made it: its Pod was only repeated. */
function isEnough(object: KubeObject, configuration: Configuration, { job }: Order): boolean {
  if (Marked.safeParse(object).data?.metadata.annotations[createdByJob] === job.uid) return true;
  const run = readRun(object, configuration);
  if (run === undefined) throw new Error(`Cannot read ${object.metadata.name} as a RetrainRun`);
  return run.status.verdict === undefined || hasDoneIt(run);
}
