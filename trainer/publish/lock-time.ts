import { setTimeout } from "node:timers/promises";

/** How often the lock is looked at, and what counts as dead, in seconds. */
export interface LockTiming {
  /** Between two heartbeats of the owner. */
  readonly beatSeconds: number;
  /** An owner whose file has not changed for so long has lost the lock. */
  readonly staleSeconds: number;
  /** For so long a newcomer waits. */
  readonly waitSeconds: number;
  /** Between two looks of a newcomer. */
  readonly pollSeconds: number;
}
export const lockTiming: LockTiming = { beatSeconds: 10, staleSeconds: 60, waitSeconds: 180, pollSeconds: 1 };

/** The default timing in proportion to another staleness: all writers of a volume must agree on it. */
export function lockTimingOf(staleSeconds: number): LockTiming {
  const factor = staleSeconds / lockTiming.staleSeconds;
  const { beatSeconds, waitSeconds, pollSeconds } = lockTiming;
  return {
    beatSeconds: beatSeconds * factor,
    staleSeconds,
    waitSeconds: waitSeconds * factor,
    pollSeconds: Math.min(pollSeconds, pollSeconds * factor),
  };
}

/** The two clocks and the sleep that the lock uses. */
export interface LockTime {
  readonly now: () => Date;
  /** Monotonic, so that nobody who sets a clock can end a lock. */
  readonly seconds: () => number;
  /** Resolves after so many seconds, rejects at once when `signal` is aborted. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** The same, but does not keep the process alive. */
  readonly doze: (seconds: number, signal: AbortSignal) => Promise<void>;
}

export const systemTime: LockTime = {
  now: () => new Date(),
  seconds: () => performance.now() / 1000,
  sleep: (seconds, signal) => setTimeout(1000 * seconds, undefined, { signal }),
  doze: (seconds, signal) => setTimeout(1000 * seconds, undefined, { signal, ref: false }),
};
