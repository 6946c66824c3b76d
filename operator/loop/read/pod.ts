import { z } from "zod";

import { trainerContainer } from "../../reconcile/labels.ts";
import type { ContainerSeen, PodSeen } from "../../reconcile/seen.ts";
import { controllerOf, Metadata, placeOf, Time, type Placed } from "./metadata.ts";

const text = z
  .string()
  .nullish()
  .transform((said) => said ?? "");
const someText = z
  .string()
  .nullish()
  .transform((said) => said || undefined);
const someTime = Time.nullish().transform((at) => at ?? undefined);

const State = z.object({
  waiting: z.object({ reason: text, message: text }).nullish(),
  running: z.object({ startedAt: someTime }).nullish(),
  terminated: z
    .object({ exitCode: z.int(), reason: text, message: text, startedAt: someTime, finishedAt: someTime })
    .nullish(),
});

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: someTime,
});

const Pod = z.object({
  metadata: Metadata,
  spec: z.object({ nodeName: someText }),
  status: z
    .object({
      phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]).catch("Unknown"),
      reason: someText,
      message: someText,
      conditions: z.array(Condition).nullish(),
      containerStatuses: z.array(z.object({ name: z.string(), state: State.nullish() })).nullish(),
    })
    .prefault({ phase: "Pending" }),
});
type Pod = z.infer<typeof Pod>;

/** A Pod of the API server; undefined for what is none. */
export function readPod(object: unknown): (PodSeen & Placed) | undefined {
  const { data } = Pod.safeParse(object);
  if (data === undefined) return undefined;
  const { metadata, spec, status } = data;
  return {
    ...placeOf(metadata),
    name: metadata.name,
    uid: metadata.uid,
    jobUid: controllerOf(metadata),
    createdAt: metadata.creationTimestamp,
    node: spec.nodeName,
    deletingAt: metadata.deletionTimestamp ?? undefined,
    gone: false,
    phase: status.phase,
    reason: status.reason,
    message: status.message,
    conditions: (status.conditions ?? []).map(({ lastTransitionTime: _, ...condition }) => condition),
    trainer: trainerOf(data),
  };
}

function trainerOf({ metadata, status }: Pod): ContainerSeen {
  const state = status.containerStatuses?.find(({ name }) => name === trainerContainer)?.state;
  const { waiting, running, terminated } = state ?? {};
  const known = [metadata.creationTimestamp, ...(status.conditions ?? []).map(at)].filter(
    (time) => time !== undefined,
  );
  return {
    waiting: waiting ?? undefined,
    runningSince: running?.startedAt,
    terminated: terminated ? endOf(terminated, latest(known)) : undefined,
  };
}

const at = ({ lastTransitionTime }: z.infer<typeof Condition>): Date | undefined => lastTransitionTime;
const latest = (times: readonly Date[]): Date => new Date(Math.max(...times.map(Number)));

type Terminated = NonNullable<z.infer<typeof State>["terminated"]>;

/** A container that the kubelet lost (ContainerStatusUnknown) has no times: the Pod's conditions then tell when. */
const endOf = ({ exitCode, reason, message, finishedAt }: Terminated, otherwise: Date) => ({
  exitCode,
  reason,
  message,
  finishedAt: finishedAt ?? otherwise,
});
