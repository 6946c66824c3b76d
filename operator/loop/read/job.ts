import { z } from "zod";

import type { JobSeen } from "../../reconcile/seen.ts";
import { controllerOf, Metadata, placeOf, Time, type Placed } from "./metadata.ts";

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTransitionTime: Time.nullish(),
});

const Job = z.object({
  metadata: Metadata,
  spec: z.object({
    suspend: z.boolean().nullish(),
    ttlSecondsAfterFinished: z.int().nullish(),
  }),
  status: z.object({ conditions: z.array(Condition).nullish() }).nullish(),
});

/** A Job of the API server; undefined for what is none. */
export function readJob(object: unknown): (JobSeen & Placed) | undefined {
  const { data } = Job.safeParse(object);
  if (data === undefined) return undefined;
  const { metadata, spec, status } = data;
  return {
    ...placeOf(metadata),
    name: metadata.name,
    uid: metadata.uid,
    ownerUid: controllerOf(metadata),
    createdAt: metadata.creationTimestamp,
    deleting: (metadata.deletionTimestamp ?? undefined) !== undefined,
    suspended: spec.suspend === true,
    ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? undefined,
    finished: finishOf(status?.conditions ?? [], metadata.creationTimestamp),
  };
}

/** FailureTarget and SuccessCriteriaMet announce an end while Pods still go: they are none. */
function finishOf(conditions: readonly z.infer<typeof Condition>[], createdAt: Date): JobSeen["finished"] {
  for (const { type, status, reason, message, lastTransitionTime } of conditions) {
    if ((type !== "Complete" && type !== "Failed") || status !== "True") continue;
    return { type, reason: reason ?? "", message: message ?? "", at: lastTransitionTime ?? createdAt };
  }
  return undefined;
}
