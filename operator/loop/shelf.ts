import { isLater } from "../kube/resource-version.ts";
import type { Key } from "./keys.ts";

/** An object's parsed view with what finds it. */
export interface Held<T> {
  readonly uid: string;
  readonly key: Key;
  /** The run that it is, or that it was created for. */
  readonly runUid: string | undefined;
  readonly resourceVersion: string;
  readonly seen: T;
}

/** An object of our own making that no watch has shown for so long never will be: it went while the watch was away. */
const longestMilliseconds = 5 * 60_000;

/**
 * The objects of one kind by key: what the watch showed last, or what the API server answered to our own write when that is newer. So a
 * pass never decides on what the pass before it has already changed.
 */
export class Shelf<T> {
  readonly #byUid = new Map<string, Held<T>>();
  readonly #byKey = new Map<Key, Set<string>>();
  /** When own writes were made of objects that no watch has shown yet, by uid. */
  readonly #unshown = new Map<string, Date>();
  /** When objects went, by uid, the oldest first: an answer on its way since before must not bring one back. */
  readonly #gone = new Map<string, Date>();

  /** The watch shows an object; whether that is news: our own write of it, and what came before it, is none. */
  show(held: Held<T>): boolean {
    const known = this.#byUid.get(held.uid);
    if (known !== undefined && isOlder(held, known)) return false;
    this.#unshown.delete(held.uid);
    this.#gone.delete(held.uid);
    this.#put(held);
    return known?.resourceVersion !== held.resourceVersion;
  }

  /** The API server answered a write, or a question of our own, with this object. */
  answer(held: Held<T>, now: Date): void {
    this.#forgetGone(now);
    const known = this.#byUid.get(held.uid);
    if (this.#gone.has(held.uid) || (known !== undefined && !isOlder(known, held))) return;
    this.#put(held);
    // Of one that a watch has shown, a watch or a list will also show the end.
    if (known === undefined || this.#unshown.has(held.uid)) this.#unshown.set(held.uid, now);
  }

  /** Whether it was known. */
  remove(uid: string, now: Date): boolean {
    this.#gone.set(uid, now);
    this.#forgetGone(now);
    return this.#drop(uid);
  }

  #forgetGone(now: Date): void {
    for (const [old, since] of this.#gone) {
      if (!isLongAgo(since, now)) return;
      this.#gone.delete(old);
    }
  }

  of(key: Key, now: Date): readonly Held<T>[] {
    const uids = [...(this.#byKey.get(key) ?? [])];
    for (const uid of uids) if (isLongAgo(this.#unshown.get(uid), now)) this.#drop(uid);
    return uids.flatMap((uid) => this.#byUid.get(uid) ?? []);
  }

  get(uid: string): Held<T> | undefined {
    return this.#byUid.get(uid);
  }

  keys(): Iterable<Key> {
    return this.#byKey.keys();
  }

  #drop(uid: string): boolean {
    const held = this.#byUid.get(uid);
    if (held === undefined) return false;
    this.#byUid.delete(uid);
    this.#unshown.delete(uid);
    const uids = this.#byKey.get(held.key);
    uids?.delete(uid);
    if (uids?.size === 0) this.#byKey.delete(held.key);
    return true;
  }

  #put(held: Held<T>): void {
    const known = this.#byUid.get(held.uid);
    if (known !== undefined && known.key !== held.key) this.#drop(held.uid);
    this.#byUid.set(held.uid, held);
    const uids = this.#byKey.get(held.key) ?? new Set();
    this.#byKey.set(held.key, uids.add(held.uid));
  }
}

const isOlder = (one: Held<unknown>, other: Held<unknown>): boolean =>
  isLater(other.resourceVersion, one.resourceVersion);

const isLongAgo = (since: Date | undefined, now: Date): boolean =>
  since !== undefined && now.getTime() - since.getTime() > longestMilliseconds;
