import { createHash } from "node:crypto";
import { join } from "node:path";

import { CurrentPointer } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { isThere, readIfThere } from "./durable.ts";
import { readHistory } from "./history.ts";
import { parsedJson } from "./parsed-json.ts";

/**
 * What CURRENT.json says, `undefined` before the first publication. Throws RunFailure VolumeError when the file is
 * damaged, lost, or does not match the version's manifest: such a champion must not be overwritten unseen.
 */
export async function readCurrent(directory: ModelDirectory): Promise<CurrentPointer | undefined> {
  const pointer = await readPointer(directory);
  if (pointer === undefined) return lostOrFirst(directory);

  const manifest = join(directory.versions, pointer.version, "MANIFEST.json");
  const bytes = await readIfThere(manifest);
  if (bytes === undefined) throw unusable(directory, `it names ${manifest}, which does not exist`);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === pointer.manifestSha256) return pointer;
  throw unusable(directory, `it expects ${manifest} with SHA-256 ${pointer.manifestSha256}, found ${sha256}`);
}

/** CURRENT.json itself, without a look at the version that it names. */
export async function readPointer(directory: ModelDirectory): Promise<CurrentPointer | undefined> {
  const bytes = await readIfThere(directory.current);
  if (bytes === undefined) return undefined;
  const parsed = parsedJson(CurrentPointer, bytes);
  if (parsed.ok) return parsed.value;
  throw unusable(directory, parsed.problem);
}

/** Whether both say the same: the same generation, made current by the same version, or both nothing. */
export const samePointer = (a: CurrentPointer | undefined, b: CurrentPointer | undefined): boolean =>
  a?.generation === b?.generation && a?.version === b?.version;

/** The failure for a champion that cannot be trusted, with the ways out. */
export const unusable = (directory: ModelDirectory, problem: string): RunFailure =>
  new RunFailure(
    "VolumeError",
    `Cannot trust the current version of ${directory.model} by ${directory.current}: ${problem}. Nothing was changed. ` +
      `Put the damaged file back from a backup, or move ${directory.path} away to begin again with a first version.`,
  );

/** A missing CURRENT.json is a first run only when nothing was ever published here. */
async function lostOrFirst(directory: ModelDirectory): Promise<CurrentPointer | undefined> {
  if (!(await wasPublished(directory))) return undefined;
  const pointer = await readPointer(directory); // A first publication may have been committed between the two looks.
  if (pointer !== undefined) return pointer;
  throw unusable(
    directory,
    `the file does not exist, although ${directory.path} shows that a version was published`,
  );
}

async function wasPublished(directory: ModelDirectory): Promise<boolean> {
  if (await isThere(join(directory.path, "current"))) return true;
  return (await readHistory(directory)).some(({ entry }) => entry?.state === "committed");
}
