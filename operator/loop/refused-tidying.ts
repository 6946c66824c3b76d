import type { Action } from "../reconcile/plan.ts";
import { plusSeconds } from "../reconcile/times.ts";
import { dropKeys, type Key } from "./keys.ts";

const pauseSeconds = 10 * 60;
const mostOfKey = 100;

/** Jobs and runs that the API server refused to change or delete, so that tidying goes on with the others. Bounded by number and time. */
export class RefusedTidying {
  /** Until when they are left alone, by uid. */
  readonly #byKey = new Map<Key, Map<string, Date>>();

  /** Whether it is news: what has been left alone already, or finds no room, is none. */
  add(key: Key, action: Action, now: Date): boolean {
    const uid = objectOf(action);
    const refused = this.#byKey.get(key) ?? new Map<string, Date>();
    if (uid === undefined || refused.has(uid) || refused.size >= mostOfKey) return false;
    this.#byKey.set(key, refused.set(uid, plusSeconds(now, pauseSeconds)));
    return true;
  }

  /** Those of these objects that are still left alone; what is known of others is forgotten. */
  of(key: Key, uids: ReadonlySet<string>, now: Date): ReadonlyMap<string, Date> {
    const kept = [...(this.#byKey.get(key) ?? [])].filter(([uid, until]) => uids.has(uid) && now < until);
    if (kept.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, new Map(kept));
    return new Map(kept);
  }

  forget(isGone: (key: Key) => boolean): void {
    dropKeys(this.#byKey, isGone);
  }
}

/** uid of what the action would tidy; undefined for those that do not. */
function objectOf(action: Action): string | undefined {
  switch (action.do) {
    case "suspend-job":
    case "expire-job":
    case "delete-job":
      return action.job.uid;
    case "delete-run":
      return action.run.uid;
    case "nothing":
    case "create-job":
    case "cancel-run":
      return undefined;
    default:
      return action satisfies never;
  }
}
