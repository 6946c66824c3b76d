import { KubeError } from "../kube/api.ts";
import { NotLeader } from "../kube/lease-fence.ts";
import type { Action, Plan, StatusChange } from "../reconcile/plan.ts";
import type { Seen } from "../reconcile/seen.ts";
import { act, type Acted } from "./act.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { statusPatch } from "./status-patch.ts";
import { runAt, writeRun } from "./write-run.ts";

export type Outcome =
  | "done"
  /** What was decided on is no longer so, or the Job was refused: decide again at once. */
  | "again";

/**
 * Carries out a plan: its action, then the statuses, then the Events of those that were written. A crash between two steps leaves
 * what the next pass repairs. One write that is refused keeps no other from being made: a Job that a policy does not let go may not
 * hold up the model's runs, nor one run the others. Throws, when all has been tried, what a later try may not meet.
 */
export async function apply(plan: Plan, seen: Seen, parts: ApplyParts): Promise<Outcome> {
  const failures: unknown[] = [];
  const acted = await acting(plan.action, seen, parts, failures);
  if (acted === "again") return "again";
  const unwritten = new Set<string>();
  for (const change of plan.statuses) {
    const { uid, resourceVersion } = change.run;
    const version = acted.run?.metadata.uid === uid ? acted.run.metadata.resourceVersion : resourceVersion;
    const isWritten = await orLater(() => writeStatus(change, version, parts), failures);
    if (isWritten !== true) unwritten.add(uid);
  }
  for (const event of plan.events) if (!unwritten.has(event.run.uid)) parts.record(event);
  throwAll(failures);
  return unwritten.size === 0 ? "done" : "again";
}

/** What the statuses of the same plan say has happened must have; the others only tidy up. */
const comeFirst: readonly Action["do"][] = ["create-job", "cancel-run"];

async function acting(action: Action, seen: Seen, parts: ApplyParts, failures: unknown[]): Promise<Acted> {
  if (comeFirst.includes(action.do)) return await act(action, seen, parts);
  return (await orLater(() => act(action, seen, parts), failures)) ?? {};
}

/** Undefined when it failed, and the failure is kept. Once leadership is over nothing else is tried. */
async function orLater<T>(work: () => Promise<T>, failures: unknown[]): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotLeader) throw error;
    failures.push(error);
    return undefined;
  }
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length > 1) {
    const texts = failures.map((failure) => (Error.isError(failure) ? failure.message : String(failure)));
    throw new AggregateError(failures, texts.join("; "));
  }
  if (failures.length === 1) throw failures[0];
}

/** False when the run was no longer as it had been seen. */
async function writeStatus(
  { run, status }: StatusChange,
  version: string,
  { kube, world }: ApplyParts,
): Promise<boolean> {
  const patch = statusPatch(run.status, status, version);
  const at = { ...runAt(run), subresource: "status" } as const;
  const written = await writeRun(kube, world, run, () => kube.patch(at, patch));
  if (written?.metadata.resourceVersion === version) throw nothingChanged(run.name);
  return written !== undefined;
}

/** It would be written again in every pass. */
const nothingChanged = (name: string): KubeError =>
  new KubeError(
    `Cannot write the status of the RetrainRun ${name}: the API server drops fields that it does not know. Its CustomResourceDefinition is older than this operator: apply the one of the same version.`,
    { status: 422, reason: "OldDefinition" },
  );
