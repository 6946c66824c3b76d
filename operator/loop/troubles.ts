import { KubeError } from "../kube/api.ts";
import { dropKeys, type Key } from "./keys.ts";

/** What could not be read or written lately, so that a right that is missing is told once and not with each try. */
export class Troubles {
  readonly #known = new Map<Key, Map<string, string>>();

  /** Whether this is another trouble than the one before. */
  isNew(key: Key, what: string, error: unknown): boolean {
    const known = this.#known.get(key) ?? new Map<string, string>();
    const kind = kindOf(error);
    const isNew = known.get(what) !== kind;
    this.#known.set(key, known.set(what, kind));
    return isNew;
  }

  /** It went well. */
  settle(key: Key, what: string): void {
    const known = this.#known.get(key);
    known?.delete(what);
    if (known?.size === 0) this.#known.delete(key);
  }

  forget(isGone: (key: Key) => boolean): void {
    dropKeys(this.#known, isGone);
  }
}

/** Messages name Pods, which come and go. */
const kindOf = (error: unknown): string =>
  error instanceof KubeError ? `${String(error.status)} ${error.reason}` : String(error);
