import { KubeError, type KubeObject } from "../kube/api.ts";
import { hasStatus } from "../kube/failure.ts";
import { NotLeader } from "../kube/lease-fence.ts";
import type { StatusChange } from "../reconcile/plan.ts";
import type { ApplyParts } from "./apply-parts.ts";
import { statusPatch } from "./status-patch.ts";
import { runAt, writeRun } from "./write-run.ts";

export interface WrittenStatuses {
  /** uids of the runs whose status is as it was planned. */
  readonly written: ReadonlySet<string>;
  /** A run was no longer as it had been seen. */
  readonly isStale: boolean;
  readonly failures: readonly unknown[];
}

type Parts = Pick<ApplyParts, "kube" | "world">;

/**
 * Writes each status; `acted` is the run that the plan's action has changed already. A server that does not answer, or asks to be asked less,
 * is asked for no further one. Throws NotLeader.
 */
export async function writeStatuses(
  changes: readonly StatusChange[],
  acted: KubeObject | undefined,
  parts: Parts,
): Promise<WrittenStatuses> {
  const written = new Set<string>();
  const failures: unknown[] = [];
  let isStale = false;
  for (const change of changes) {
    const { uid, resourceVersion } = change.run;
    const version = acted?.metadata.uid === uid ? acted.metadata.resourceVersion : resourceVersion;
    try {
      if (await writeStatus(change, version, parts)) written.add(uid);
      else isStale = true;
    } catch (error) {
      if (error instanceof NotLeader) throw error;
      failures.push(error);
      if (hasStatus(error, 0) || hasStatus(error, 429)) break;
    }
  }
  return { written, isStale, failures };
}

/** False when the run was no longer as it had been seen. */
async function writeStatus(
  { run, status }: StatusChange,
  version: string,
  { kube, world }: Parts,
): Promise<boolean> {
  const patch = statusPatch(run, status, version);
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
