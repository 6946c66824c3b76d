import { KubeError, type WatchEvent } from "./api.ts";
import type { Change } from "./object-store.ts";
import { RelistAudit } from "./relist-audit.ts";
import { isLater } from "./resource-version.ts";

/** How far a watch has told the changes of its place, and whether it can go on from there. */
export class WatchPosition {
  readonly #onMissed: (objects: number) => void;
  #version: string | undefined;
  #audit: RelistAudit | undefined;
  #silentFailures = 0;

  /** `onMissed` hears of how many objects a list has shown changes that the watch had not told and never will. */
  constructor(onMissed: (objects: number) => void) {
    this.#onMissed = onMissed;
  }

  /** To watch from; undefined when a list must tell first. */
  get version(): string | undefined {
    return this.#version;
  }

  /** A list was taken over. Where it is ahead and shows changes the watch stays where it was, or nobody could tell what it misses. */
  listed(version: string, changes: readonly Change<unknown>[]): void {
    const watched = this.#version;
    if (watched !== undefined) this.#settle();
    const isAhead = watched !== undefined && changes.length > 0 && isLater(version, watched);
    this.#audit = isAhead ? new RelistAudit(version, changes) : undefined;
    this.#version = isAhead ? watched : version;
    if (watched !== undefined && !isAhead) this.#missed(changes.length);
  }

  /** Whether the event is news: one that a list was newer than is not. */
  passes(event: WatchEvent): boolean {
    const version = event.type === "BOOKMARK" ? event.resourceVersion : event.object.metadata.resourceVersion;
    this.#silentFailures = 0;
    this.#version = version;
    const audit = this.#audit;
    const isNews = audit?.isOlderThan(version) ?? true;
    if (!isNews) audit?.hear(event);
    if (audit?.isOverAt(version) === true) this.#settle();
    return isNews;
  }

  /**
   * The watch broke, was refused or fell silent. It is taken up where it was, unless that version has expired (410) or it failed twice without
   * an event. A server too busy to watch (429) is not asked for a list on top.
   */
  failed(error: unknown): void {
    const status = error instanceof KubeError ? error.status : 0;
    if (status !== 429) this.#silentFailures++;
    if (status !== 410 && this.#silentFailures < 2) return;
    this.#version = undefined;
    this.#silentFailures = 0;
  }

  #settle(): void {
    this.#missed(this.#audit?.untold ?? 0);
    this.#audit = undefined;
  }

  #missed(objects: number): void {
    if (objects > 0) this.#onMissed(objects);
  }
}
