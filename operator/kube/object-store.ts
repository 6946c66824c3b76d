import type { KubeObject } from "./api.ts";

/** What an object was and what it is now; undefined is "not there". One of both is there. */
export interface Change<T> {
  readonly uid: string;
  /** The resource version with which it is there now; undefined when it has gone. */
  readonly version: string | undefined;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/**
 * Objects by uid: one that was deleted and created again under its name is two. An object that can no longer be read goes as if it were
 * deleted: what is in here depends on the cluster alone, and a process started now would not have it either.
 */
export class ObjectStore<T> {
  readonly #parse: (object: KubeObject) => T | undefined;
  readonly #onUnreadable: (object: KubeObject, error: unknown) => void;
  readonly #objects = new Map<string, { readonly version: string; readonly value: T }>();

  /** `parse` throws or gives undefined for an object that cannot be read; then `onUnreadable` gets what it threw. */
  constructor(
    parse: (object: KubeObject) => T | undefined,
    onUnreadable: (object: KubeObject, error: unknown) => void,
  ) {
    this.#parse = parse;
    this.#onUnreadable = onUnreadable;
  }

  get(uid: string): T | undefined {
    return this.#objects.get(uid)?.value;
  }

  *values(): Generator<T> {
    for (const { value } of this.#objects.values()) yield value;
  }

  /** Undefined when it is known in this version already, or was and is unreadable. */
  put(object: KubeObject): Change<T> | undefined {
    const { uid, resourceVersion: version } = object.metadata;
    const known = this.#objects.get(uid);
    if (known?.version === version) return undefined;
    const value = this.#read(object);
    if (value === undefined) return this.remove(uid);
    this.#objects.set(uid, { version, value });
    return { uid, version, before: known?.value, after: value };
  }

  /** Undefined when it is not known. */
  remove(uid: string): Change<T> | undefined {
    const known = this.#objects.get(uid);
    if (known === undefined) return undefined;
    this.#objects.delete(uid);
    return { uid, version: undefined, before: known.value, after: undefined };
  }

  /** From now on these and no others. What has gone comes first: its name may have a new owner. */
  replace(objects: readonly KubeObject[]): readonly Change<T>[] {
    const uids = new Set(objects.map(({ metadata }) => metadata.uid));
    const gone = [...this.#objects.keys()].filter((uid) => !uids.has(uid)).map((uid) => this.remove(uid));
    const changed = objects.map((object) => this.put(object));
    return [...gone, ...changed].filter((change) => change !== undefined);
  }

  #read(object: KubeObject): T | undefined {
    try {
      const value = this.#parse(object);
      if (value === undefined) this.#onUnreadable(object, undefined);
      return value;
    } catch (error) {
      this.#onUnreadable(object, error);
      return undefined;
    }
  }
}
