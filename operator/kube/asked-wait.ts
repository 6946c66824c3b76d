import { KubeError } from "./api.ts";

/** What the API server asks to wait by a Retry-After; of several errors the longest, 0 when none asks. More than five minutes is not believed. */
export function askedSeconds(error: unknown): number {
  if (error instanceof AggregateError) return Math.max(0, ...error.errors.map(askedSeconds));
  const asked = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.min(asked, longestSeconds);
}

const longestSeconds = 300;
