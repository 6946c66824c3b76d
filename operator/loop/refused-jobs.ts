import { KubeError } from "../kube/api.ts";
import { quoted } from "../reconcile/attempt/safe-text.ts";
import type { Refusal, RefusedJob } from "../reconcile/seen.ts";
import { RunReason } from "../../contract/run-reasons.ts";
import { dropKeys, type Key } from "./keys.ts";

/** Why the API server refused to create a Job, by run, as this process was told last. */
export class RefusedJobs {
  readonly #byKey = new Map<Key, Map<string, RefusedJob>>();

  set(key: Key, runUid: string, refused: RefusedJob): void {
    const refusals = this.#byKey.get(key) ?? new Map<string, RefusedJob>();
    this.#byKey.set(key, refusals.set(runUid, refused));
  }

  drop(key: Key, runUid: string): void {
    const refusals = this.#byKey.get(key);
    refusals?.delete(runUid);
    if (refusals?.size === 0) this.#byKey.delete(key);
  }

  /** Those of these runs; what is known of others is forgotten. */
  of(key: Key, runUids: ReadonlySet<string>): ReadonlyMap<string, RefusedJob> {
    for (const uid of [...(this.#byKey.get(key)?.keys() ?? [])]) {
      if (!runUids.has(uid)) this.drop(key, uid);
    }
    return new Map(this.#byKey.get(key));
  }

  forget(isGone: (key: Key) => boolean): void {
    dropKeys(this.#byKey, isGone);
  }
}

const refusingStatuses = [400, 403, 422];

/**
 * What the user can do something about: a quota, or somebody who judges Jobs. Undefined for every other failure, which
 * a later try may not meet.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof KubeError)) return undefined;
  const { status } = error;
  // Whoever judges Jobs may quote them, with the variables of a proxy.
  const message = quoted(error.message);
  if (status === 403 && error.message.includes("exceeded quota")) {
    return { reason: RunReason.QuotaExceeded, message };
  }
  const isRefused = refusingStatuses.includes(status) || error.message.includes("failed calling webhook");
  return isRefused ? { reason: RunReason.AdmissionRefused, message } : undefined;
}
