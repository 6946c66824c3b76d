import type { AttemptState } from "./attempt.ts";

const [beginningSeconds, firstSeconds, laterSeconds] = [60, 2, 15] as const;

/**
 * How often an attempt is looked at, since neither what a Pod waits for nor how far the trainer is is watched: every 15 s, and every
 * 2 s from the trainer's start to its first sign of progress. One that gives none is not asked that often for more than a minute.
 */
export function lookSeconds(state: Exclude<AttemptState, { kind: "ended" }>, now: Date): number {
  const isSilent = state.kind === "running" && state.progress === undefined;
  return isSilent && now.getTime() - state.since.getTime() < beginningSeconds * 1000
    ? firstSeconds
    : laterSeconds;
}
