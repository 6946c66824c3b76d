import type { Decide, Plan } from "../reconcile/plan.ts";
import type { Seen } from "../reconcile/seen.ts";
import type { Settings } from "../reconcile/settings.ts";
import type { Applied } from "./apply.ts";
import { dropKeys, type Key } from "./keys.ts";

/** What a pass needs of the work queue. */
export interface Requeue {
  add(key: Key): void;
  addAfter(key: Key, at: Date): void;
  failed(key: Key): void;
  forget(key: Key): void;
}

export interface ReconcilerParts {
  readonly observe: (key: Key) => Promise<Seen>;
  readonly decide: Decide;
  readonly apply: (plan: Plan, seen: Seen) => Promise<Applied>;
  readonly settings: Settings;
  readonly clock: () => Date;
  readonly queue: Requeue;
}

/** One model at a time: observe, decide, apply. Level-triggered: what happened does not matter, only what is. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  /** Keys whose last pass could not be carried out. */
  readonly #stale = new Set<Key>();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** Whether the model still has runs. Throws what the queue shall try again after a wait. */
  async pass(key: Key): Promise<boolean> {
    const { observe, decide, apply, settings, clock } = this.#parts;
    const seen = await observe(key);
    const plan = decide(seen, settings, clock());
    this.#requeue(key, plan, await apply(plan, seen));
    return seen.runs.length > 0;
  }

  forget(isGone: (key: Key) => boolean): void {
    dropKeys(this.#stale, isGone);
  }

  #requeue(key: Key, { wakeAt }: Plan, applied: Applied): void {
    const { queue } = this.#parts;
    if (applied === "again") {
      this.#again(key);
      return;
    }
    this.#stale.delete(key);
    if (!applied.isRefused) queue.forget(key);
    // What this process has changed itself is known at once: no watch has to show it.
    if (applied.hasChanged) {
      queue.add(key);
      return;
    }
    // Of both times the earlier counts: what is refused holds up nothing else.
    if (applied.isRefused) queue.failed(key);
    if (wakeAt !== undefined) queue.addAfter(key, wakeAt);
  }

  /** At once, but not in a circle: what is stale twice in a row waits like a failure. */
  #again(key: Key): void {
    const { queue } = this.#parts;
    if (this.#stale.has(key)) queue.failed(key);
    else queue.add(key);
    this.#stale.add(key);
  }
}
