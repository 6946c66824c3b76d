import type { Clock } from "./clock.ts";

export interface BackoffLimits {
  /** The longest wait after one failure; it doubles with each further one. */
  readonly firstSeconds: number;
  readonly mostSeconds: number;
}

/**
 * How long to wait after so many failures in a row (1, 2, …): somewhere in the upper half of
 * min(most, first * 2^(failures - 1)), so that those who failed together do not come back together.
 */
export function backoffMilliseconds(
  failures: number,
  { firstSeconds, mostSeconds }: BackoffLimits,
  random: () => number,
): number {
  const longestSeconds = Math.min(mostSeconds, firstSeconds * 2 ** (failures - 1));
  return longestSeconds * 1000 * (0.5 + random() / 2);
}

interface BackoffOptions extends BackoffLimits {
  /** Failures are forgotten when the next one comes so long after the wait for the last one. */
  readonly healthySeconds: number;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The waits of one thing that is tried again and again. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;
  #waitedUntil = -Infinity;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** It has failed now: milliseconds to wait. */
  failed(): number {
    const { clock, healthySeconds, random } = this.#options;
    const now = clock.monotonic();
    if (now - this.#waitedUntil >= healthySeconds * 1000) this.#failures = 0;
    const wait = backoffMilliseconds(++this.#failures, this.#options, random);
    this.#waitedUntil = now + wait;
    return wait;
  }
}
