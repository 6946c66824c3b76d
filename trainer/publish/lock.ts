import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import {
  createLockFile,
  newestLockFile,
  removeLockFile,
  removeOlderLockFiles,
  type LockFile,
  type LockOwner,
} from "./lock-file.ts";
import { lockTiming, systemTime, type LockTime, type LockTiming } from "./lock-time.ts";
import { ModelLock } from "./model-lock.ts";

export interface LockRequest {
  readonly runUid: string;
  /** Hears that the run waits, that it took a dead owner's lock over, and what went wrong with a heartbeat. */
  readonly say: (sentence: string) => void;
  /** Ends the waiting; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly timing?: LockTiming;
  readonly time?: LockTime;
}

/**
 * Makes this process the model's only writer until the end of the `await using` block, waiting while another one is.
 * Throws RunFailure ModelLocked when that takes longer than `timing.waitSeconds` (three minutes), else as
 * `volumeFailure`.
 */
export async function acquireLock(directory: ModelDirectory, request: LockRequest): Promise<ModelLock> {
  const wait = new Wait(directory, request);
  for (;;) {
    request.signal.throwIfAborted();
    const newest = await wait.look();
    const lock = wait.isFree(newest) ? await take(directory, request, newest) : undefined;
    if (lock !== undefined) {
      wait.sayWhoseItWas(newest);
      return lock;
    }
    await wait.forTheNextLook(newest);
  }
}

/** One newcomer's waiting. */
class Wait {
  readonly #directory: ModelDirectory;
  readonly #request: LockRequest;
  readonly #timing: LockTiming;
  readonly #time: LockTime;
  readonly #began: number;
  #seen: { readonly file: LockFile; readonly since: number } | undefined;
  #unchangedSeconds = 0;
  #told = false;

  constructor(directory: ModelDirectory, request: LockRequest) {
    this.#directory = directory;
    this.#request = request;
    this.#timing = request.timing ?? lockTiming;
    this.#time = request.time ?? systemTime;
    this.#began = this.#time.seconds();
  }

  /** Times are taken on the cautious side: this process may itself be stopped between a look and its clock. */
  async look(): Promise<LockFile | undefined> {
    const before = this.#time.seconds();
    const newest = await newestLockFile(this.#directory);
    if (newest === undefined) return undefined;
    if (this.#seen?.file.epoch === newest.epoch && this.#seen.file.text === newest.text) {
      this.#unchangedSeconds = before - this.#seen.since;
    } else {
      this.#unchangedSeconds = 0;
      this.#seen = { file: newest, since: this.#time.seconds() };
    }
    return newest;
  }

  /** Never taken, released, or its file has had the same bytes for too long. */
  isFree(newest: LockFile | undefined): boolean {
    if (newest === undefined || newest.owner?.released === true) return true;
    return this.#unchangedSeconds >= this.#timing.staleSeconds;
  }

  sayWhoseItWas(previous: LockFile | undefined): void {
    if (previous === undefined || previous.owner?.released === true) return;
    this.#request.say(
      `Took over the lock of ${this.#directory.model} from ${inWords(previous)}: it gave no sign of life for ${String(this.#timing.staleSeconds)} s.`,
    );
  }

  async forTheNextLook(newest: LockFile | undefined): Promise<void> {
    const { waitSeconds, pollSeconds, staleSeconds } = this.#timing;
    const waited = this.#time.seconds() - this.#began;
    if (waited >= waitSeconds) throw this.#failure(newest);
    if (waited >= pollSeconds && !this.#told) {
      this.#told = true;
      const model = this.#directory.model;
      this.#request.say(
        `Waiting up to ${String(waitSeconds)} s for ${inWords(newest)}, which has the lock of ${model}, or until it gives no sign of life for ${String(staleSeconds)} s.`,
      );
    }
    try {
      await this.#time.sleep(pollSeconds, this.#request.signal);
    } catch (error) {
      this.#request.signal.throwIfAborted(); // Its reason says more than the sleep's AbortError.
      throw error;
    }
  }

  #failure(newest: LockFile | undefined): RunFailure {
    const { waitSeconds, staleSeconds } = this.#timing;
    return new RunFailure(
      "ModelLocked",
      `Cannot write ${this.#directory.path}: ${inWords(newest)} still has its lock after ${String(waitSeconds)} s. ` +
        `Only one may write at a time; run again when it has ended. If its process is dead, the lock is free ${String(staleSeconds)} s after its last sign of life.`,
    );
  }
}

/** `undefined` when another one was faster. */
async function take(
  directory: ModelDirectory,
  request: LockRequest,
  newest: LockFile | undefined,
): Promise<ModelLock | undefined> {
  const { timing = lockTiming, time = systemTime, say } = request;
  const epoch = (newest?.epoch ?? 0) + 1;
  const owner: LockOwner = {
    owner: randomUUID(),
    runUid: request.runUid,
    host: hostname(),
    pid: process.pid,
    takenAt: time.now().toISOString(),
    beat: 0,
  };
  if (!(await createLockFile(directory, epoch, owner))) return undefined;

  // A taker that was stopped since its look may find the number free again, long after others went on to higher ones.
  if ((await newestLockFile(directory))?.epoch !== epoch) {
    await removeLockFile(directory, epoch);
    return undefined;
  }
  await removeOlderLockFiles(directory, epoch);
  return new ModelLock(directory, { epoch, owner }, { timing, time, say });
}

function inWords(file: LockFile | undefined): string {
  const owner = file?.owner;
  if (owner === undefined) return "an unknown run";
  return `run ${owner.runUid} (process ${String(owner.pid)} on ${owner.host}, since ${owner.takenAt})`;
}
