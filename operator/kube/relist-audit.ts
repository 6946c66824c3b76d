import type { WatchEvent } from "./api.ts";
import type { Change } from "./object-store.ts";
import { isLater } from "./resource-version.ts";

/**
 * Tells what a watch has missed from what it only has not told yet: a list was newer than the watch and showed these changes. The watch goes on
 * from where it was; what it has not told when it passes the list's version, it never will.
 */
export class RelistAudit {
  readonly #listed: string;
  /** The version that the watch should tell, by uid; undefined is a deletion. */
  readonly #untold: Map<string, string | undefined>;

  constructor(listed: string, changes: readonly Change<unknown>[]) {
    this.#listed = listed;
    this.#untold = new Map(changes.map(({ uid, version }) => [uid, version]));
  }

  /** Whether an event of that version comes after the list. */
  isOlderThan(version: string): boolean {
    return isLater(version, this.#listed);
  }

  /** Whether a watch that has come so far has told all that the list knew. */
  isOverAt(version: string): boolean {
    return !isLater(this.#listed, version);
  }

  /** An event that the list was newer than. */
  hear(event: WatchEvent): void {
    if (event.type === "BOOKMARK") return;
    const { uid, resourceVersion } = event.object.metadata;
    const told = event.type === "DELETED" ? undefined : resourceVersion;
    if (this.#untold.has(uid) && this.#untold.get(uid) === told) this.#untold.delete(uid);
  }

  /** So many objects have changed without a word of the watch. */
  get untold(): number {
    return this.#untold.size;
  }
}
