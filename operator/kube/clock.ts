/** Time as the machinery needs it; a test brings a clock that it moves by hand. */
export interface Clock {
  /** For people and other machines; may be set forth and back. */
  now(): Date;
  /** Milliseconds since any moment; never goes back. */
  monotonic(): number;
  /** Resolves after so many milliseconds (below 2^31, or at once), or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      resolve(undefined);
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener("abort", wake);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", wake);
  },
};

/** Kubernetes' MicroTime. */
export const microTime = (time: Date): string => time.toISOString().replace("Z", "000Z");
