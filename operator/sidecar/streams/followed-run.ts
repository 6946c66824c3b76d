import type { Clock } from "../../kube/clock.ts";
import type { Runs, WatchedRun } from "../runs/runs.ts";

export interface Following {
  readonly runs: Pick<Runs, "subscribe">;
  readonly clock: Pick<Clock, "sleep">;
}

/**
 * One run as it goes on, by its uid. However many states come between two looks, only the newest is kept, so that whoever looks
 * slowly costs no memory.
 */
export class FollowedRun implements Disposable {
  readonly #clock: Pick<Clock, "sleep">;
  readonly #stop: () => void;
  #newest: WatchedRun | undefined;
  #waiting = new AbortController();

  constructor({ runs, clock }: Following, run: WatchedRun) {
    this.#clock = clock;
    this.#newest = run;
    this.#stop = runs.subscribe((before, after) => {
      if (after?.uid !== run.uid && before?.uid !== run.uid) return;
      this.#newest = after;
      this.#waiting.abort();
    });
  }

  /** Undefined when it was deleted. */
  get newest(): WatchedRun | undefined {
    return this.#newest;
  }

  /** Resolves as soon as the newest state is another than `seen`, and at the latest when the time is up or the signal is aborted. */
  async changedFrom(seen: WatchedRun | undefined, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#newest !== seen) return;
    this.#waiting = new AbortController();
    await this.#clock.sleep(milliseconds, AbortSignal.any([signal, this.#waiting.signal]));
  }

  [Symbol.dispose](): void {
    this.#stop();
  }
}
