import type { RunSeen } from "../../reconcile/seen.ts";
import { newestFirst } from "./newest-first.ts";

/** Runs by name and in order; an order that was asked for is kept until one of its runs changes. */
export class RunIndex<T extends RunSeen> {
  readonly #byUid = new Map<string, T>();
  readonly #byName = new Map<string, T>();
  readonly #orders = new Map<string, readonly T[]>();
  #order: readonly T[] | undefined;

  /** Created has no `before`, deleted no `after`. */
  change(before: T | undefined, after: T | undefined): void {
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#put(after);
  }

  all(): readonly T[] {
    this.#order ??= [...this.#byUid.values()].sort(newestFirst);
    return this.#order;
  }

  ofModel(model: string): readonly T[] {
    const known = this.#orders.get(model);
    if (known !== undefined) return known;
    const order = this.all().filter((run) => run.model === model);
    // A model that has no runs is perhaps none: whoever asks for many names must not fill the memory.
    if (order.length > 0) this.#orders.set(model, order);
    return order;
  }

  byName(name: string): T | undefined {
    return this.#byName.get(name);
  }

  #put(run: T): void {
    this.#byUid.set(run.uid, run);
    this.#byName.set(run.name, run);
    this.#forgetOrder(run);
  }

  /** Its name may have a new owner already. */
  #remove(run: T): void {
    this.#byUid.delete(run.uid);
    if (this.#byName.get(run.name)?.uid === run.uid) this.#byName.delete(run.name);
    this.#forgetOrder(run);
  }

  #forgetOrder({ model }: T): void {
    this.#order = undefined;
    this.#orders.delete(model);
  }
}
