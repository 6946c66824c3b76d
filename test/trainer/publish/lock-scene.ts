import { writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { LockOwner } from "../../../trainer/publish/lock-file.ts";
import { lockTiming, type LockTime, type LockTiming } from "../../../trainer/publish/lock-time.ts";
import { acquireLock } from "../../../trainer/publish/lock.ts";
import { openModelDirectory, type ModelDirectory } from "../../../trainer/publish/directory.ts";
import type { ModelLock } from "../../../trainer/publish/model-lock.ts";
import { modelsVolume, noon } from "./scene.ts";

/** A model's directory on a new volume that is gone at the end of the block. */
export async function bikes(): Promise<AsyncDisposable & { readonly directory: ModelDirectory }> {
  const volume = await modelsVolume();
  const directory = await openModelDirectory(volume.path, "bikes");
  return { directory, [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose]() };
}

/** A clock that only sleeping moves, so that minutes of waiting take no time; heartbeats come when they are told to. */
export class VirtualTime implements LockTime {
  #seconds = 0;
  #beat = Promise.withResolvers<undefined>();
  #asleep = Promise.withResolvers<undefined>();
  /** Does its work when a newcomer has slept, given the seconds since the beginning. */
  readonly #whenSlept: (seconds: number) => void;

  constructor(whenSlept: (seconds: number) => void = () => undefined) {
    this.#whenSlept = whenSlept;
  }

  readonly now = (): Date => new Date(noon.getTime() + 1000 * this.#seconds);
  readonly seconds = (): number => this.#seconds;
  readonly sleep = (seconds: number, signal: AbortSignal): Promise<void> => {
    this.#seconds += seconds;
    this.#whenSlept(this.#seconds);
    return signal.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
  };
  readonly doze = (_seconds: number, signal: AbortSignal): Promise<undefined> => {
    const beat = this.#beat;
    signal.addEventListener("abort", () => {
      beat.reject(new Error("aborted"));
    });
    this.#asleep.resolve(undefined);
    return beat.promise;
  };

  /** Lets one heartbeat happen; resolves when the owner dozes again, or has `ended`. */
  async beat(ended: Promise<unknown> = new Promise(() => undefined)): Promise<void> {
    const beat = this.#beat;
    this.#beat = Promise.withResolvers();
    this.#asleep = Promise.withResolvers();
    beat.resolve(undefined);
    await Promise.race([this.#asleep.promise, ended]);
  }
}

export interface Taking {
  readonly runUid?: string;
  readonly time?: LockTime;
  readonly timing?: Partial<LockTiming>;
  readonly signal?: AbortSignal;
  readonly say?: (sentence: string) => void;
}

export const takeLock = (directory: ModelDirectory, differs: Taking = {}): Promise<ModelLock> =>
  acquireLock(directory, {
    runUid: "newcomer",
    say: () => undefined,
    signal: new AbortController().signal,
    time: new VirtualTime(),
    ...differs,
    timing: { ...lockTiming, ...differs.timing },
  });

/** The file of an owner that is not of this process. */
export function writeOwner(directory: ModelDirectory, epoch: number, differs: Partial<LockOwner> = {}): void {
  const owner: LockOwner = {
    owner: "b1946ac9-2492-4d23-8eee-0c6f9a1d7a3e",
    runUid: "owner",
    host: "far-away",
    pid: 7,
    takenAt: noon.toISOString(),
    beat: 0,
    ...differs,
  };
  writeFileSync(lockPath(directory, epoch), JSON.stringify(owner));
}

export async function readOwner(directory: ModelDirectory, epoch: number): Promise<LockOwner> {
  return LockOwner.parse(JSON.parse(await readFile(lockPath(directory, epoch), "utf8")));
}

export const lockFiles = (directory: ModelDirectory): Promise<string[]> => readdir(directory.lock);

export const lockPath = (directory: ModelDirectory, epoch: number): string =>
  join(directory.lock, `${String(epoch).padStart(6, "0")}.json`);
