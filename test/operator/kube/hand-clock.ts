import type { Clock } from "../../../operator/kube/clock.ts";

/** A clock that a test moves by hand. */
export interface HandClock extends Clock {
  /** Both clocks go on; sleeps that are over resolve. */
  advance(milliseconds: number): void;
  /** The wall clock alone is set, forth or back. */
  setWallClock(time: string): void;
  /** Sleeps that go on. */
  readonly sleeping: number;
}

interface Sleep {
  readonly until: number;
  readonly wake: () => void;
}

export function handClock(start = "2026-12-01T03:00:00Z"): HandClock {
  const sleeps = new Set<Sleep>();
  let monotonic = 0;
  let wall = Date.parse(start);
  return {
    now: () => new Date(wall),
    monotonic: () => monotonic,
    sleep: async (milliseconds, signal) => {
      if (signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const sleep: Sleep = {
        until: monotonic + milliseconds,
        wake: () => {
          sleeps.delete(sleep);
          resolve(undefined);
        },
      };
      sleeps.add(sleep);
      signal.addEventListener("abort", sleep.wake);
      await promise;
    },
    advance: (milliseconds) => {
      monotonic += milliseconds;
      wall += milliseconds;
      for (const { until, wake } of sleeps) if (until <= monotonic) wake();
    },
    setWallClock: (time) => {
      wall = Date.parse(time);
    },
    get sleeping() {
      return sleeps.size;
    },
  };
}
