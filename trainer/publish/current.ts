import { join } from "node:path";

import type { CurrentPointer } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { isThere, readIfThere } from "./durable.ts";
import { readHistory } from "./history.ts";
import { fingerprint, manifestName } from "./manifest.ts";
import { pointerOf } from "./version-records.ts";

/**
 * What CURRENT.json says, `undefined` before the first publication. Throws RunFailure VolumeError when the file is
 * damaged, lost, or does not match the version's manifest: such a champion must not be overwritten unseen.
 */
export async function readCurrent(directory: ModelDirectory): Promise<CurrentPointer | undefined> {
  const pointer = await readPointer(directory);
  if (pointer === undefined) return lostOrFirst(directory);

  const manifest = join(directory.versions, pointer.version, manifestName);
  const bytes = await readIfThere(manifest);
  if (bytes === undefined) throw unusable(directory, `${manifest}: it does not exist`);
  const { sha256 } = fingerprint(bytes);
  if (sha256 === pointer.manifestSha256) return pointer;
  const expected = `CURRENT.json expects SHA-256 ${pointer.manifestSha256}, found ${sha256}`;
  throw unusable(directory, `${manifest}: ${expected}`);
}

/** CURRENT.json itself, without a look at the version that it names. */
export async function readPointer(directory: ModelDirectory): Promise<CurrentPointer | undefined> {
  const read = await pointerOf(directory);
  if (read.ok) return read.value;
  throw unusable(directory, `${directory.current}: ${read.problem}`);
}

/** Whether both say the same: the same generation, made current by the same version, or both nothing. */
export const samePointer = (a: CurrentPointer | undefined, b: CurrentPointer | undefined): boolean =>
  a?.generation === b?.generation && a?.version === b?.version;

/** Whether the directory shows that there was a CURRENT.json once. */
export async function wasPublished(directory: ModelDirectory): Promise<boolean> {
  if (await isThere(join(directory.path, "current"))) return true;
  return (await readHistory(directory)).some(({ entry }) => entry?.state === "committed");
}

/** What is wrong with a CURRENT.json that is not there any more. */
export const lost = ({ current, path }: ModelDirectory): string =>
  `${current}: it does not exist, although ${path} shows that a version was published`;

/** For people: what is wrong with the champion, in half a sentence that names the file, and both ways out. */
export const untrusted = ({ model }: ModelDirectory, problem: string): string =>
  `Cannot trust the current version of ${model}: ${problem}. Nothing was changed. Make an intact version current again ` +
  "(`npm run models -- restore`, or spec.restore in a run), or publish the next candidate without a comparison (spec.force).";

export const unusable = (directory: ModelDirectory, problem: string): RunFailure =>
  new RunFailure("VolumeError", untrusted(directory, problem));

/** A missing CURRENT.json is a first run only when nothing was ever published here. */
async function lostOrFirst(directory: ModelDirectory): Promise<CurrentPointer | undefined> {
  if (!(await wasPublished(directory))) return undefined;
  const pointer = await readPointer(directory); // A first publication may have been committed between the two looks.
  if (pointer !== undefined) return pointer;
  throw unusable(directory, lost(directory));
}
