import { z } from "zod";

import type { Configuration } from "../../contract/configuration.ts";
import { Label } from "../reconcile/labels.ts";
import type { JobSeen, PodSeen, RunSeen } from "../reconcile/seen.ts";
import { keyOf } from "./keys.ts";
import { readJob } from "./read/job.ts";
import { Metadata, type Placed } from "./read/metadata.ts";
import { readPod } from "./read/pod.ts";
import { readRun } from "./read/run.ts";
import type { Held } from "./shelf.ts";

/** A RetrainRun of the API server; undefined for what is none. */
export function heldRun(object: unknown, configuration: Configuration): Held<RunSeen> | undefined {
  const seen = readRun(object, configuration);
  if (seen === undefined) return undefined;
  const { uid, namespace, model, resourceVersion } = seen;
  return { uid, key: keyOf(namespace, model), runUid: uid, resourceVersion, seen };
}

/** A Job that carries a model's label. */
export const heldJob = (object: unknown): Held<JobSeen> | undefined => heldPart(object, readJob(object));

/** A Pod that carries a model's label. */
export const heldPod = (object: unknown): Held<PodSeen> | undefined => heldPart(object, readPod(object));

function heldPart<T extends Placed & { readonly uid: string }>(
  object: unknown,
  seen: T | undefined,
): Held<T> | undefined {
  if (seen?.model === undefined) return undefined;
  const { resourceVersion, labels } = Part.parse(object).metadata;
  const runUid = labels?.[Label.runUid];
  return { uid: seen.uid, key: keyOf(seen.namespace, seen.model), runUid, resourceVersion, seen };
}

const Part = z.object({ metadata: Metadata.pick({ resourceVersion: true, labels: true }) });
