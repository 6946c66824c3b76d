import { askedSeconds } from "./asked-wait.ts";
import { backoffMilliseconds, type BackoffLimits } from "./backoff.ts";
import { systemClock, type Clock } from "./clock.ts";

/** One pass over what a key stands for. It calls forget(key) when all is well; to throw is to call failed(key), with what the API server asks to wait. */
type Worker = (key: string) => Promise<void>;

export interface WorkQueueOptions {
  /** A pass has thrown. */
  readonly onError: (key: string, error: unknown) => void;
  /** A pass begins: how long its key has waited for a worker. */
  readonly onWaited?: (seconds: number) => void;
  /** Of a key that fails. Default: 1 s to 5 min. */
  readonly backoff?: BackoffLimits;
  readonly clock?: Clock;
  readonly random?: () => number;
}

interface WakeUp {
  readonly at: number;
  readonly timer: AbortController;
}

/**
 * Keys to be worked on, first come, first served. A key is worked on by one worker at a time; one that waits is in here
 * once, however often it is added; one that is added in the middle of its pass gets another pass after it.
 */
export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  /** Since when, by the monotonic clock. Keys in hand that were added again are among them. */
  readonly #waiting = new Map<string, number>();
  readonly #inHand = new Set<string>();
  readonly #wakeUps = new Map<string, WakeUp>();
  readonly #failures = new Map<string, number>();
  readonly #idle: (() => void)[] = [];

  constructor(options: WorkQueueOptions) {
    this.#options = {
      onWaited: () => undefined,
      backoff: { firstSeconds: 1, mostSeconds: 300 },
      clock: systemClock,
      random: Math.random,
      ...options,
    };
  }

  /** Takes up work with so many workers. Resolves when the signal is aborted and the passes in hand have ended; the queue is empty then. */
  async run(
    worker: Worker,
    { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const wakeAll = (): void => {
      for (const wake of this.#idle.splice(0)) wake();
    };
    signal.addEventListener("abort", wakeAll, { once: true });
    await Promise.all(Array.from({ length: concurrency }, () => this.#work(worker, signal)));
    this.clear();
  }

  /** As soon as a worker is free. A wake-up for later is then void: the pass decides anew. */
  add(key: string): void {
    this.#callOff(key);
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, this.#options.clock.monotonic());
    this.#idle.shift()?.();
  }

  /** At that time of the wall clock, unless the key's turn comes earlier: of several times the earliest counts. */
  addAfter(key: string, at: Date): void {
    const due = at.getTime();
    if (due <= this.#options.clock.now().getTime()) {
      this.add(key);
      return;
    }
    const known = this.#wakeUps.get(key)?.at ?? Infinity;
    if (this.#waiting.has(key) || known <= due) return;
    this.#callOff(key);
    void this.#wakeAt(key, due);
  }

  /** Again, after a wait that doubles with each failure in a row and is at least `leastSeconds`. */
  failed(key: string, leastSeconds = 0): void {
    const { backoff, clock, random } = this.#options;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const wait = Math.max(backoffMilliseconds(failures, backoff, random), leastSeconds * 1000);
    this.addAfter(key, new Date(clock.now().getTime() + wait));
  }

  /** Forgets how often a key has failed. Whatever it waits for stays. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /**
   * Forgets the keys that match, by default all: those that wait, their wake-ups and failures. Passes in hand end by
   * themselves, and what they add then is taken in.
   */
  clear(matches: (key: string) => boolean = () => true): void {
    for (const key of [...this.#wakeUps.keys()].filter(matches)) this.#callOff(key);
    for (const key of [...this.#waiting.keys()].filter(matches)) this.#waiting.delete(key);
    for (const key of [...this.#failures.keys()].filter(matches)) this.#failures.delete(key);
  }

  /** How many keys wait for a worker. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** How long the first key has been waiting; undefined when none is. */
  get oldestSeconds(): number | undefined {
    const [since] = this.#waiting.values();
    return since === undefined ? undefined : this.#secondsSince(since);
  }

  async #work(worker: Worker, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = this.#next();
      if (key === undefined) await new Promise<void>((resolve) => this.#idle.push(resolve));
      else await this.#pass(worker, key);
    }
  }

  #next(): string | undefined {
    for (const [key, since] of this.#waiting) {
      if (this.#inHand.has(key)) continue;
      this.#waiting.delete(key);
      this.#inHand.add(key);
      this.#options.onWaited(this.#secondsSince(since));
      return key;
    }
    return undefined;
  }

  async #pass(worker: Worker, key: string): Promise<void> {
    try {
      await worker(key);
    } catch (error) {
      this.#options.onError(key, error);
      this.failed(key, askedSeconds(error));
    } finally {
      this.#inHand.delete(key);
    }
  }

  async #wakeAt(key: string, at: number): Promise<void> {
    const { clock } = this.#options;
    const timer = new AbortController();
    this.#wakeUps.set(key, { at, timer });
    while (!timer.signal.aborted && clock.now().getTime() < at) {
      const wait = Math.min(at - clock.now().getTime(), longestSleepMilliseconds);
      await clock.sleep(wait, timer.signal);
    }
    if (!timer.signal.aborted) this.add(key);
  }

  #callOff(key: string): void {
    this.#wakeUps.get(key)?.timer.abort();
    this.#wakeUps.delete(key);
  }

  #secondsSince(moment: number): number {
    return (this.#options.clock.monotonic() - moment) / 1000;
  }
}

/** The wall clock may be set while a key sleeps. Far below the 24.8 days at which a timer of Node overflows. */
const longestSleepMilliseconds = 3_600_000;
