import { z } from "zod";

import type { Configuration } from "../../../contract/configuration.ts";
import { given } from "../../../contract/given.ts";
import { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { ModelName } from "../../../contract/spec/words.ts";
import { isFixed } from "../../reconcile/frozen.ts";
import { Annotation } from "../../reconcile/labels.ts";
import { acceptedAs } from "../../reconcile/resolved.ts";
import type { Asked, RunSeen } from "../../reconcile/seen.ts";
import { parseKnown, parseReadable } from "./known-fields.ts";
import { Metadata } from "./metadata.ts";
import { invalidSpec } from "./refusal.ts";
import { readStatus } from "./status.ts";
import { writtenLists } from "./written-lists.ts";

const Run = z.object({ metadata: Metadata, spec: z.unknown().optional(), status: z.unknown().optional() });

/**
 * A RetrainRun of the API server, fields that this version does not know left out; undefined for what is none. A spec that
 * cannot be used is a Refusal in its place, so that its run can be told about it.
 */
export function readRun(object: unknown, configuration: Configuration): RunSeen | undefined {
  const { data } = Run.safeParse(object);
  if (data === undefined) return undefined;
  const { metadata } = data;
  const rawSpec = data.spec ?? {};
  const spec = parseKnown(RetrainRunSpec, rawSpec);
  const status = readStatus(data.status, metadata.creationTimestamp);
  const run = {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation ?? 1,
    createdAt: metadata.creationTimestamp,
    deleting: (metadata.deletionTimestamp ?? undefined) !== undefined,
    startedAs: metadata.annotations?.[Annotation.started],
    spec: spec.success ? spec.data : { ...invalidSpec(spec.error, rawSpec), asked: askedIn(rawSpec) },
    status,
    ...given({
      refused: refusedIn(metadata.annotations?.[Annotation.refused]),
      written: writtenLists(data.status, status),
    }),
  };
  return { ...run, model: frozenModel(run) ?? namedModel(rawSpec) ?? configuration.model };
}

/** `<Job> <time>`; undefined for another text. */
function refusedIn(annotation = ""): RunSeen["refused"] {
  const [job = "", at] = annotation.split(" ");
  const since = z.iso.datetime().safeParse(at).data;
  return since === undefined ? undefined : { job, since: new Date(since) };
}

/** A run that was accepted keeps its model when the configuration's default changes; until it starts, its spec may name another. */
function frozenModel(run: Omit<RunSeen, "model">): string | undefined {
  const { verdict, resolved } = run.status;
  const isOwn = verdict !== undefined || acceptedAs(resolved) === run.uid;
  return isOwn && isFixed(run) ? resolved?.model : undefined;
}

const Naming = z.object({ model: ModelName });
const namedModel = (spec: unknown): string | undefined => Naming.safeParse(spec).data?.model;

const AskedFields = RetrainRunSpec.pick({
  cancel: true,
  suspend: true,
  dryRun: true,
  force: true,
  restore: true,
});
const askedIn = (spec: unknown): Asked => parseReadable(AskedFields, spec);
