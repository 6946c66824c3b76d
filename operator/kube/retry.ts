import { backoffMilliseconds } from "./backoff.ts";

interface Failed {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
}

/** How far a call has come. */
interface Tried {
  /** It is a GET: to ask twice changes nothing. */
  readonly reads: boolean;
  /** Requests sent so far, at least 1. */
  readonly tries: number;
  /** Until the call's deadline. */
  readonly secondsLeft: number;
}

const mostTries = 4;
const backoff = { firstSeconds: 0.25, mostSeconds: 2 };

/**
 * Seconds to wait before the same request is sent again; undefined when it is not. 429 means that the server has not begun, so
 * any verb is repeated, never before the server wants; after a 5xx or a broken connection nobody knows what was done.
 * `random` is in [0, 1).
 */
export function waitBeforeRetry(failed: Failed, tried: Tried, random: () => number): number | undefined {
  if (tried.tries >= mostTries || !isRepeatable(failed, tried.reads)) return undefined;
  const own = backoffMilliseconds(tried.tries, backoff, random) / 1000;
  const seconds = Math.max(own, (failed.retryAfterSeconds ?? 0) * (1 + random() / 4));
  return seconds < tried.secondsLeft ? seconds : undefined;
}

function isRepeatable({ status, reason }: Failed, reads: boolean): boolean {
  return status === 429 || (reads && (status >= 500 || reason === "Unreachable"));
}
