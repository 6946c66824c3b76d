import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { isNewest, rewriteLockFile, type LockOwner } from "./lock-file.ts";
import type { LockTime, LockTiming } from "./lock-time.ts";

interface Tenure {
  readonly epoch: number;
  readonly owner: LockOwner;
}

interface Beats {
  readonly timing: LockTiming;
  readonly time: LockTime;
  readonly say: (sentence: string) => void;
}

/** The right to write one model's directory; made by `acquireLock`, given back at the end of the block. */
export class ModelLock implements AsyncDisposable {
  readonly epoch: number;
  readonly #directory: ModelDirectory;
  readonly #beats: Beats;
  readonly #stop = new AbortController();
  readonly #beating: Promise<void>;
  #owner: LockOwner;
  #queue: Promise<void> = Promise.resolve();
  #lost = false;

  constructor(directory: ModelDirectory, { epoch, owner }: Tenure, beats: Beats) {
    this.epoch = epoch;
    this.#directory = directory;
    this.#owner = owner;
    this.#beats = beats;
    this.#beating = this.#beatUntilStopped();
  }

  /** Whether another owner is known to have come; `assertHeld` asks the volume. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Throws RunFailure ModelLocked when another process took the lock over. To be called right before a change. */
  async assertHeld(): Promise<void> {
    await this.#inTurn(() => this.#look());
    if (!this.#lost) return;
    throw new RunFailure(
      "ModelLocked",
      `Cannot go on writing ${this.#directory.path}: this run gave no sign of life for too long, and another one took over its lock. Run again when the other has ended.`,
    );
  }

  /** Never throws: what cannot be released is free when it has become stale. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#beating;
    if (this.#lost) return;
    try {
      await this.#write({ released: true });
    } catch (error) {
      this.#beats.say(`The lock of ${this.#directory.model} is left to become stale: ${String(error)}`);
    }
  }

  async #beatUntilStopped(): Promise<void> {
    while (!this.#lost && (await this.#dozed())) {
      try {
        await this.#inTurn(() => this.#beat());
      } catch (error) {
        this.#beats.say(
          `A heartbeat of the lock of ${this.#directory.model} failed; the next one follows: ${String(error)}`,
        );
      }
    }
  }

  /** `false` when the lock is being released. */
  async #dozed(): Promise<boolean> {
    const { time, timing } = this.#beats;
    await time.doze(timing.beatSeconds, this.#stop.signal).catch(() => undefined); // Rejects when it is aborted.
    return !this.#stop.signal.aborted;
  }

  async #beat(): Promise<void> {
    if (await this.#write({ beat: this.#owner.beat + 1 })) await this.#look();
    else this.#lost = true;
    if (!this.#lost) return;
    this.#beats.say(
      `The lock of ${this.#directory.model} is lost: another run took it over. This run will not publish.`,
    );
  }

  async #look(): Promise<void> {
    if (this.#lost) return;
    this.#lost = !(await isNewest(this.#directory, this.epoch, this.#owner.owner));
  }

  /** One after the other: a look at the own file must not find it half-written. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #write(change: Partial<LockOwner>): Promise<boolean> {
    this.#owner = { ...this.#owner, ...change };
    return rewriteLockFile(this.#directory, this.epoch, this.#owner);
  }
}
