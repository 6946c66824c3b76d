import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";

import type { ModelDirectory } from "./directory.ts";
import { openToReaders, syncDirectory } from "./durable.ts";
import { sweepLeftover } from "./leftovers.ts";
import { PublishStep, type OnStep } from "./steps.ts";
import { onVolume } from "./volume.ts";

export interface StagingRequest {
  readonly runUid: string;
  /** Hears when cleaning up did not work; the next run's repair completes it. */
  readonly say: (sentence: string) => void;
  readonly onStep?: OnStep;
}

/**
 * Opens a directory in .staging. Use it with `await using`: at the end of the block everything that is not committed
 * is taken back. Throws RunFailure as `volumeFailure`.
 */
export async function openStagingDirectory(
  directory: ModelDirectory,
  request: StagingRequest,
): Promise<StagingDirectory> {
  const prefix = join(directory.staging, `${request.runUid.replaceAll(/[^A-Za-z0-9-]/g, "_").slice(0, 64)}-`);
  // Random at the end: a retried attempt must not share a directory with its predecessor that is not yet dead.
  const path = await onVolume("create a directory at", prefix, () => mkdtemp(prefix));
  const staging = new StagingDirectory(directory, path, request);
  try {
    await openToReaders(path);
    await syncDirectory(directory.staging);
    await staging.onStep(PublishStep.StagingOpened, path);
    return staging;
  } catch (error) {
    await staging[Symbol.asyncDispose]();
    throw error;
  }
}

/** Where a run prepares the next CURRENT.json: the undo log of the change, and what makes its commit possible. */
export class StagingDirectory implements AsyncDisposable {
  readonly directory: ModelDirectory;
  readonly path: string;
  readonly runUid: string;
  readonly onStep: OnStep;
  readonly #say: (sentence: string) => void;

  constructor(directory: ModelDirectory, path: string, request: StagingRequest) {
    this.directory = directory;
    this.path = path;
    this.runUid = request.runUid;
    this.onStep = request.onStep ?? (() => undefined);
    this.#say = request.say;
  }

  /** Takes back everything that is not committed; safe at any time, also beside a publication that still runs (SIGTERM). */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await sweepLeftover(this.directory, this.path);
    } catch (error) {
      // Thrown, it would hide why the run ended.
      this.#say(`Cleaning ${this.path} is left to the next run: ${String(error)}`);
    }
  }
}
