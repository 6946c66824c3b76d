import type { Kube } from "../kube/api.ts";
import { lookSeconds } from "../reconcile/attempt/look.ts";
import { newestProgress } from "../reconcile/attempt/progress.ts";
import type { PodSeen } from "../reconcile/seen.ts";
import { dropKeys, partsOf, type Key } from "./keys.ts";

/** Whole lines: the server counts bytes from the first of these lines on. */
const limits = { tailLines: 40, limitBytes: 65_536 };

interface Asked {
  readonly at: Date;
  readonly text: string | undefined;
  /** Asked after the container's end: nothing is added any more. */
  readonly isWhole: boolean;
}

export interface LogParts {
  readonly kube: Pick<Kube, "logs">;
  readonly container: string;
  readonly onRead: (key: Key) => void;
  /** Hears why a log could not be read. */
  readonly onFailure: (error: unknown, pod: PodSeen, key: Key) => void;
}

/** The ends of trainers' logs: that of a running one as often as it is looked at, that of an ended one once. */
export class TrainerLogs {
  readonly #parts: LogParts;
  readonly #byKey = new Map<Key, ReadonlyMap<string, Asked>>();

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /** By Pod uid; what is known of other Pods of the key is forgotten. */
  async of(key: Key, pods: readonly PodSeen[], now: Date): Promise<ReadonlyMap<string, string>> {
    const before = this.#byKey.get(key);
    const asked = await Promise.all(
      pods.map(async (pod) => [pod.uid, await this.#newest(key, pod, before?.get(pod.uid), now)] as const),
    );
    if (asked.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, new Map(asked));
    return new Map(asked.flatMap(([uid, { text }]) => (text === undefined ? [] : [[uid, text]])));
  }

  forget(isGone: (key: Key) => boolean): void {
    dropKeys(this.#byKey, isGone);
  }

  async #newest(key: Key, pod: PodSeen, before: Asked | undefined, now: Date): Promise<Asked> {
    const isWhole = pod.trainer.terminated !== undefined;
    if (before !== undefined && isFresh(before, pod, now)) return before;
    const text = (await this.#read(key, pod)) ?? before?.text;
    return { at: now, text, isWhole };
  }

  async #read(key: Key, pod: PodSeen): Promise<string | undefined> {
    const { namespace } = partsOf(key);
    const { kube, container, onRead, onFailure } = this.#parts;
    try {
      const text = await kube.logs({ namespace, pod: pod.name, container }, limits);
      onRead(key);
      return text === "" ? undefined : text;
    } catch (error) {
      onFailure(error, pod, key);
      return undefined;
    }
  }
}

function isFresh({ isWhole, text = "", at }: Asked, { trainer }: PodSeen, now: Date): boolean {
  if (isWhole || trainer.terminated !== undefined) return isWhole;
  const since = trainer.runningSince ?? now;
  const pause = lookSeconds({ kind: "running", since, progress: newestProgress(text) }, now);
  return now.getTime() - at.getTime() < pause * 1000;
}
