import { ipKeyGenerator } from "express-rate-limit";
import { LRUCache } from "lru-cache";

import type { Clock } from "../../kube/clock.ts";
import { Problem } from "../http/problem.ts";

export interface StrangersOptions {
  readonly perMinute: number;
  readonly clock: Pick<Clock, "monotonic">;
}

interface Tries {
  readonly count: number;
  /** By the monotonic clock, in milliseconds. */
  readonly endsAt: number;
}

const windowMilliseconds = 60_000;
const mostAddresses = 10_000;

/**
 * How many tokens that nobody knows an address may try within a minute: each costs a question to the API server, and whoever makes tokens
 * up is no user who could be limited.
 */
export class Strangers {
  readonly #perMinute: number;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #tries = new LRUCache<string, Tries>({ max: mostAddresses });

  constructor({ perMinute, clock }: StrangersOptions) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Counts before the answer is known, so that many at once are no way round. Throws the Problem 429. */
  take(address: string): void {
    const now = this.#clock.monotonic();
    const { count, endsAt } = this.#triesOf(address) ?? { count: 0, endsAt: now + windowMilliseconds };
    if (count >= this.#perMinute) throw tooMany(Math.ceil((endsAt - now) / 1000));
    this.#tries.set(keyOf(address), { count: count + 1, endsAt });
  }

  /** It was no stranger, or nobody could tell. */
  giveBack(address: string): void {
    const tries = this.#triesOf(address);
    if (tries === undefined) return;
    if (tries.count === 1) this.#tries.delete(keyOf(address));
    else this.#tries.set(keyOf(address), { ...tries, count: tries.count - 1 });
  }

  #triesOf(address: string): Tries | undefined {
    const tries = this.#tries.get(keyOf(address));
    return tries !== undefined && tries.endsAt > this.#clock.monotonic() ? tries : undefined;
  }
}

/** One host has many addresses of IPv6: they count as one. */
const keyOf = (address: string): string => ipKeyGenerator(address);

const tooMany = (seconds: number): Problem =>
  new Problem(
    429,
    "too-many-requests",
    "Too many tokens from your address were not valid; wait as Retry-After says",
    {
      headers: { "Retry-After": String(Math.max(seconds, 1)) },
    },
  );
