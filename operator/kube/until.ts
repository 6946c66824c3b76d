import type { Clock } from "./clock.ts";

/** A signal that is aborted with another one, or when its time is up. Disposing it aborts it too. */
export class Until implements Disposable {
  readonly #end = new AbortController();
  readonly #given: AbortSignal;

  constructor(milliseconds: number, clock: Clock, given: AbortSignal) {
    this.#given = given;
    given.addEventListener("abort", this.#abort);
    if (given.aborted) this.#abort();
    void clock.sleep(milliseconds, this.signal).then(this.#abort);
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  [Symbol.dispose](): void {
    this.#given.removeEventListener("abort", this.#abort);
    this.#abort();
  }

  readonly #abort = (): void => {
    this.#end.abort();
  };
}

/** Undefined when the signal is aborted first; what comes then is not heard. */
export async function unlessAborted<T>(asked: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => {
    resolve(undefined);
  };
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([asked, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
