import { LRUCache } from "lru-cache";

import type { Clock } from "../../kube/clock.ts";

export interface RememberedOptions<T> {
  /** How many values at most; those that were not used for the longest time go first. */
  readonly most: number;
  readonly milliseconds: (value: T) => number;
  readonly clock: Pick<Clock, "monotonic">;
}

/** Answers of somebody who is slow to ask, for a while each. Who asks the same at the same time shares one question; a failure is not remembered. */
export class Remembered<T extends object> {
  readonly #known: LRUCache<string, T>;
  readonly #asked = new Map<string, Promise<T>>();
  readonly #milliseconds: (value: T) => number;

  constructor({ most, milliseconds, clock }: RememberedOptions<T>) {
    this.#milliseconds = milliseconds;
    const perf = { now: () => clock.monotonic() };
    this.#known = new LRUCache({ max: most, ttl: 1, ttlResolution: 0, perf });
  }

  async get(key: string, ask: () => Promise<T>): Promise<T> {
    return this.#known.get(key) ?? (await (this.#asked.get(key) ?? this.#ask(key, ask)));
  }

  #ask(key: string, ask: () => Promise<T>): Promise<T> {
    const asked = this.#remember(key, ask);
    this.#asked.set(key, asked);
    return asked;
  }

  async #remember(key: string, ask: () => Promise<T>): Promise<T> {
    try {
      const value = await ask();
      this.#known.set(key, value, { ttl: this.#milliseconds(value) });
      return value;
    } finally {
      this.#asked.delete(key);
    }
  }
}
