import { readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import { CurrentPointer } from "../../contract/published.ts";
import { codeOf } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { readIfThere, syncDirectory } from "./durable.ts";
import { readHistory, resolveEntry } from "./history.ts";
import { parsedJson } from "./parsed-json.ts";
import { onVolume } from "./volume.ts";

/** Inside a staging directory: the next CURRENT.json, and the version until it is moved into versions/. */
export const stagedPointer = "CURRENT.json";
export const stagedVersion = "version";
/** The next CURRENT.json of a change that brings no version along: the one that it names must stay in versions/. */
export const stagedReturn = "CURRENT.restored.json";
const sweptSuffix = ".swept";

/** Sweeps everything that is in .staging, whoever left it or is still writing it; see `sweepLeftover`. */
export async function sweepStaging(
  directory: ModelDirectory,
  say: (sentence: string) => void,
): Promise<void> {
  const entries = await onVolume("list", directory.staging, () =>
    readdir(directory.staging, { withFileTypes: true }),
  );
  for (const entry of entries) {
    const path = join(directory.staging, entry.name);
    if (!entry.isDirectory()) await removeTree(path);
    else if (await sweepLeftover(directory, path)) say(`Swept ${path}, which an earlier run left behind.`);
  }
}

/**
 * Ends the publication of one staging directory, whether its writer is dead or only slow, and takes back what it did:
 * the renames below are atomic, so exactly one of them and the writer's own rename of the same name succeeds.
 * 1. Renaming the staging directory takes the prepared CURRENT.json out of its writer's reach: no commit from here on.
 * 2. A version that was moved into versions/ but not committed is moved back, then all is removed.
 * `false` when another run swept it first.
 */
export async function sweepLeftover(directory: ModelDirectory, path: string): Promise<boolean> {
  const swept = path.endsWith(sweptSuffix) ? path : path + sweptSuffix;
  if (swept !== path && !(await renamed(path, swept))) return false;

  const pointer = await preparedPointer(swept, stagedPointer);
  if (pointer !== undefined && (await takeBack(directory, pointer, swept))) {
    await abandonClaim(directory, pointer);
  }
  const back = await preparedPointer(swept, stagedReturn);
  if (back !== undefined) await abandonClaim(directory, back);
  await removeTree(swept);
  return true;
}

/** Removes a directory of versions/ so that no reader of the names there sees it half removed. */
export async function removeVersion(directory: ModelDirectory, version: string): Promise<void> {
  const swept = join(directory.staging, version + sweptSuffix);
  if (await renamed(join(directory.versions, version), swept)) await removeTree(swept);
}

/** The CURRENT.json that was never put in place; none when the writer had not come so far, or had committed. */
async function preparedPointer(swept: string, name: string): Promise<CurrentPointer | undefined> {
  const bytes = await readIfThere(join(swept, name));
  if (bytes === undefined) return undefined;
  const parsed = parsedJson(CurrentPointer, bytes);
  return parsed.ok ? parsed.value : undefined; // Half-written: the version is moved only when it is complete and synced.
}

/** Where the staging directory still has its version, the one of that name in versions/ is another's, and stays. */
async function takeBack(directory: ModelDirectory, pointer: CurrentPointer, swept: string): Promise<boolean> {
  const back = await renamed(join(directory.versions, pointer.version), join(swept, stagedVersion));
  if (back) await syncDirectory(directory.versions);
  return back;
}

async function abandonClaim(directory: ModelDirectory, pointer: CurrentPointer): Promise<void> {
  for (const { entry } of await readHistory(directory)) {
    const own = entry?.generation === pointer.generation && entry.to === pointer.version;
    if (own && entry.state === "intended") await resolveEntry(directory, entry, "abandoned");
  }
}

/** `false` when there was nothing to rename or the place is taken by a directory with something in it. */
async function renamed(from: string, to: string): Promise<boolean> {
  return onVolume(`move to ${basename(to)}`, from, async () => {
    try {
      await rename(from, to);
      return true;
    } catch (error) {
      if (["ENOENT", "ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) return false;
      throw error;
    }
  });
}

const removeTree = (path: string): Promise<void> =>
  onVolume("remove", path, () => rm(path, { recursive: true, force: true, maxRetries: 3 }));
