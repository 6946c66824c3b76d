import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { codeOf } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { createExclusively, readIfThere } from "./durable.ts";
import { parsedJson, toJson } from "./parsed-json.ts";
import { onVolume } from "./volume.ts";

/** `.lock/000013.json`: who may write since the 13th time that the lock was taken. */
export const LockOwner = z.object({
  /** Random: two attempts of one run are two owners. */
  owner: z.uuid(),
  runUid: z.string(),
  host: z.string(),
  pid: z.int(),
  takenAt: z.iso.datetime(),
  /** Grows with every heartbeat, so that the file never has the same bytes twice. */
  beat: z.int(),
  released: z.boolean().optional(),
});
export type LockOwner = z.infer<typeof LockOwner>;

/** The file with the highest number, which alone counts. */
export interface LockFile {
  readonly epoch: number;
  readonly text: string;
  /** `undefined` when the file is half-written. */
  readonly owner: LockOwner | undefined;
}

/** The epoch that counts and what its file says; `undefined` when the lock was never taken. */
export async function newestLockFile(directory: ModelDirectory): Promise<LockFile | undefined> {
  const epoch = (await epochs(directory)).at(-1);
  if (epoch === undefined) return undefined;
  // Removed since it was listed: then there is a higher one, which the next look finds.
  const bytes = (await readIfThere(pathOf(directory, epoch))) ?? Buffer.alloc(0);
  const parsed = parsedJson(LockOwner, bytes);
  return { epoch, text: bytes.toString(), owner: parsed.ok ? parsed.value : undefined };
}

/** Whether `owner` has this epoch and there is no higher one. */
export async function isNewest(directory: ModelDirectory, epoch: number, owner: string): Promise<boolean> {
  // Opening the file asks the server of a network volume; a list of names may be an older one that was kept.
  const bytes = await readIfThere(pathOf(directory, epoch));
  if (bytes === undefined) return false;
  const parsed = parsedJson(LockOwner, bytes);
  if (!parsed.ok || parsed.value.owner !== owner) return false;
  return (await epochs(directory)).at(-1) === epoch;
}

/** Creates the file of an epoch exclusively: of any number of takers one gets `true`. */
export async function createLockFile(
  directory: ModelDirectory,
  epoch: number,
  owner: LockOwner,
): Promise<boolean> {
  return createExclusively(pathOf(directory, epoch), toJson(owner));
}

/** Writes the owner's file again, in place; `false` when it is gone, because another owner came and removed it. */
export async function rewriteLockFile(
  directory: ModelDirectory,
  epoch: number,
  owner: LockOwner,
): Promise<boolean> {
  const path = pathOf(directory, epoch);
  return onVolume("write the heartbeat", path, async () => {
    try {
      await using file = await open(path, "r+"); // Never creates, and never shortens: each text is as long as the last.
      await file.writeFile(toJson(owner));
      await file.sync();
      return true;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
  });
}

/** Removes what earlier owners left; the newest file always stays, so that no number is used twice. */
export async function removeOlderLockFiles(directory: ModelDirectory, epoch: number): Promise<void> {
  for (const older of (await epochs(directory)).filter((number) => number < epoch)) {
    const path = pathOf(directory, older);
    await onVolume("remove", path, () => rm(path, { force: true }));
  }
}

/** Removes one file of a taker that came too late with a number that was free again. */
export const removeLockFile = (directory: ModelDirectory, epoch: number): Promise<void> =>
  onVolume("remove", pathOf(directory, epoch), () => rm(pathOf(directory, epoch), { force: true }));

/** Lowest first. */
async function epochs(directory: ModelDirectory): Promise<readonly number[]> {
  const names = await onVolume("list", directory.lock, () => readdir(directory.lock));
  const numbers = names.filter((name) => /^\d{6,}\.json$/.test(name)).map((name) => parseInt(name, 10));
  return numbers.sort((a, b) => a - b);
}

const pathOf = (directory: ModelDirectory, epoch: number): string =>
  join(directory.lock, `${String(epoch).padStart(6, "0")}.json`);
