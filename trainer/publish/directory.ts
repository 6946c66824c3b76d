import { randomUUID } from "node:crypto";
import { access, constants, mkdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ModelName } from "../../contract/spec/words.ts";
import { codeOf, RunFailure } from "../errors.ts";
import { makeDirectory, writeDurably } from "./durable.ts";
import { freeBytes, onVolume } from "./volume.ts";

/** Where the versions of one model live. All paths are on one volume, so a rename between them is atomic. */
export interface ModelDirectory {
  readonly model: string;
  readonly path: string;
  /** One immutable directory per version. */
  readonly versions: string;
  /** One file per generation. */
  readonly history: string;
  /** What running publications prepare and killed ones leave behind. */
  readonly staging: string;
  /** Who may write, one file per owner; see `acquireLock`. */
  readonly lock: string;
  /** One file per version that retention must keep. */
  readonly pins: string;
  /** One directory per run, published or not: its reports. */
  readonly runs: string;
  /** CURRENT.json. */
  readonly current: string;
}

/**
 * Opens `<modelsDir>/<model>`, creating what is missing. Throws RunFailure BadConfiguration for a name that is no
 * model name (so no path can be smuggled in), VolumeReadOnly, DiskFull or VolumeError when the volume refuses.
 */
export async function openModelDirectory(modelsDir: string, model: string): Promise<ModelDirectory> {
  const directory = pathsOf(modelsDir, checkedName(model));
  await onVolume("create the directory", modelsDir, () => makePath(modelsDir));
  const { path: root, versions, history, staging, lock, pins, runs } = directory;
  for (const path of [root, versions, history, staging, lock, pins, runs]) {
    await makeDirectory(path);
    await onVolume("write in", path, () => access(path, constants.W_OK | constants.X_OK));
  }
  return directory;
}

/** Node's own recursive mkdir never returns where every name is answered with ENOENT, as below /proc. */
async function makePath(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  if (!(await isDirectory(dirname(path)))) await makePath(dirname(path));
  try {
    await mkdir(path, { mode: 0o755 });
  } catch (error) {
    if (!(await isDirectory(path))) throw error; // Else another trainer was faster.
  }
}

/** False where there is nothing; what is no directory is left to mkdir to refuse. */
async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw error;
  }
}

/**
 * Asks before the long training what would end the publication after it: writes and removes a small file, and
 * compares the volume's free space with `neededBytes`. Throws RunFailure VolumeReadOnly, DiskFull or VolumeError.
 */
export async function checkWritable(directory: ModelDirectory, neededBytes: number): Promise<void> {
  const probe = join(directory.staging, `probe-${randomUUID()}`);
  await writeDurably(probe, "This file shows that the volume can be written.\n");
  await onVolume("remove", probe, () => rm(probe, { force: true }));
  const free = await onVolume("ask for the free space of", directory.path, () => freeBytes(directory.path));
  if (free === undefined || free >= neededBytes) return;
  throw new RunFailure(
    "DiskFull",
    `Cannot publish in ${directory.path}: ${String(neededBytes)} bytes are needed and ${String(free)} are free. Free space on the volume or make it larger, then run again.`,
  );
}

function checkedName(model: string): string {
  if (ModelName.safeParse(model).success) return model;
  throw new RunFailure(
    "BadConfiguration",
    `Cannot use ${JSON.stringify(model)} as a model's name: expected at most 40 of a-z, 0-9 and -, beginning with a letter, such as bike-traffic. Correct the model in the run.`,
  );
}

/** Where everything of a model is, whether or not it is there. */
export const pathsOf = (modelsDir: string, model: string): ModelDirectory => {
  const path = join(modelsDir, model);
  return {
    model,
    path,
    versions: join(path, "versions"),
    history: join(path, "history"),
    staging: join(path, ".staging"),
    lock: join(path, ".lock"),
    pins: join(path, "pins"),
    runs: join(path, "runs"),
    current: join(path, "CURRENT.json"),
  };
};
