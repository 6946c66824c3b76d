import type { PodSeen } from "../reconcile/seen.ts";
import type { Key } from "./keys.ts";
import type { Held } from "./shelf.ts";

const longestMilliseconds = 60 * 60_000;
const mostOfAll = 1_000;

/**
 * Pods that the API server no longer has, as they were seen last: the Job controller deletes the Pod of a suspended Job and with it
 * the trainer's report. Bounded in number and by age.
 */
export class GonePods {
  /** Oldest first. */
  readonly #gone = new Map<string, { readonly pod: Held<PodSeen>; readonly since: Date }>();

  add(pod: Held<PodSeen>, now: Date): void {
    this.#gone.set(pod.uid, { pod: { ...pod, seen: { ...pod.seen, gone: true } }, since: now });
    for (const [uid, { since }] of this.#gone) {
      if (this.#gone.size <= mostOfAll && !isOld(since, now)) break;
      this.#gone.delete(uid);
    }
  }

  /** Those of runs that are still open; the others are forgotten. */
  of(key: Key, openRuns: ReadonlySet<string>, now: Date): readonly PodSeen[] {
    const all = [...this.#gone.values()].filter(({ pod }) => pod.key === key);
    const isWanted = ({ pod, since }: (typeof all)[number]): boolean =>
      openRuns.has(pod.runUid ?? "") && !isOld(since, now);
    for (const { pod } of all.filter((one) => !isWanted(one))) this.#gone.delete(pod.uid);
    return all.filter(isWanted).map(({ pod }) => pod.seen);
  }
}

const isOld = (since: Date, now: Date): boolean => now.getTime() - since.getTime() > longestMilliseconds;
