import { setImmediate } from "node:timers/promises";

import { WorkQueue, type WorkQueueOptions } from "../../../operator/kube/work-queue.ts";
import { handClock, type HandClock } from "./hand-clock.ts";

/** A queue whose passes begin by themselves and end when the test says so. */
export interface QueueScene {
  readonly queue: WorkQueue;
  readonly clock: HandClock;
  /** Keys in the order in which their passes began. */
  readonly begun: string[];
  readonly inHand: ReadonlySet<string>;
  readonly errors: { readonly key: string; readonly error: unknown }[];
  readonly waited: number[];
  /** Ends the pass of a key in hand, by throwing `error` where one is given. */
  end(key: string, error?: Error): Promise<void>;
  /** Both clocks go on, and what is due begins. */
  pass(seconds: number): Promise<void>;
  /** Lets what can happen now happen. */
  settle(): Promise<void>;
  /** No new passes. Resolves when run() has. */
  stop(): Promise<void>;
}

export function queueScene(concurrency = 1, options: Partial<WorkQueueOptions> = {}): QueueScene {
  const clock = handClock();
  const begun: string[] = [];
  const hands = new Map<string, (error?: Error) => void>();
  const errors: { key: string; error: unknown }[] = [];
  const waited: number[] = [];
  const queue = new WorkQueue({
    clock,
    random: () => 0,
    onError: (key, error) => errors.push({ key, error }),
    onWaited: (seconds) => waited.push(seconds),
    ...options,
  });
  const stopping = new AbortController();
  const worker = async (key: string): Promise<void> => {
    begun.push(key);
    const error = await new Promise<Error | undefined>((resolve) => hands.set(key, resolve));
    hands.delete(key);
    if (error !== undefined) throw error;
  };
  const running = queue.run(worker, { concurrency, signal: stopping.signal });
  return {
    ...{ queue, clock, begun, errors, waited, settle: setImmediate<void> },
    get inHand() {
      return new Set(hands.keys());
    },
    end: async (key, error) => {
      hands.get(key)?.(error);
      await setImmediate();
    },
    pass: async (seconds) => {
      clock.advance(seconds * 1000);
      await setImmediate();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
