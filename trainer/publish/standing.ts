import { join } from "node:path";

import type { CurrentPointer } from "../../contract/published.ts";
import type { RunFailure } from "../errors.ts";
import { lost, untrusted, unusable, wasPublished } from "./current.ts";
import type { ModelDirectory } from "./directory.ts";
import { highestGeneration } from "./history.ts";
import { checkVersion, manifestName, readManifest } from "./manifest.ts";
import { pointerOf, versionNames } from "./version-records.ts";

/** What a run finds on the volume, after repairing what can be repaired. */
export type Standing =
  { readonly kind: "first" } | { readonly kind: "sound"; readonly pointer: CurrentPointer } | Unusable;

/** CURRENT.json, or a file of the version that it names, is damaged or lost. `problem` names the file and what is wrong. */
export type Unusable = { readonly kind: "unusable"; readonly problem: string } & (
  | { readonly pointer: CurrentPointer }
  /** CURRENT.json cannot be read; `claimed` is the highest generation that was claimed by then, 0 for none. */
  | { readonly pointer: undefined; readonly claimed: number }
);

/**
 * Reads CURRENT.json and every byte of the version that it names, and changes nothing. Throws RunFailure as
 * `volumeFailure` when the volume refuses to be read, which says nothing about the champion.
 */
export async function readStanding(directory: ModelDirectory): Promise<Standing> {
  const found = await pointerOf(directory);
  if (!found.ok) return withoutPointer(directory, `${directory.current}: ${found.problem}`);
  if (found.value === undefined) return lostOrFirst(directory);
  const problem = await problemOf(directory, found.value);
  if (problem === undefined) return { kind: "sound", pointer: found.value };
  return { kind: "unusable", pointer: found.value, problem };
}

/** The champion that the standing knows, be it sound or not. */
export const championOf = (standing: Standing): CurrentPointer | undefined =>
  standing.kind === "first" ? undefined : standing.pointer;

/** The generation after which a claim belongs to a writer that came later. */
export function generationOf(standing: Standing): number {
  if (standing.kind === "first") return 0;
  return standing.pointer === undefined ? standing.claimed : standing.pointer.generation;
}

/** Why nothing can be compared with the current version, and both ways out. */
export const unusableSentence = (directory: ModelDirectory, { problem }: Unusable): string =>
  untrusted(directory, problem);

/** The failure of those who need a sound champion. */
export const unusableFailure = (directory: ModelDirectory, { problem }: Unusable): RunFailure =>
  unusable(directory, problem);

/** In half a sentence what is wrong with the version that the pointer names. */
async function problemOf(directory: ModelDirectory, pointer: CurrentPointer): Promise<string | undefined> {
  const checked = await checkVersion(directory, pointer.version);
  if (!checked.ok) return checked.problem;
  const { manifestSha256 } = checked.value;
  if (manifestSha256 === pointer.manifestSha256) return undefined;
  const manifest = join(directory.versions, pointer.version, manifestName);
  return `${manifest}: CURRENT.json expects SHA-256 ${pointer.manifestSha256}, found ${manifestSha256}`;
}

async function lostOrFirst(directory: ModelDirectory): Promise<Standing> {
  if (!(await wasPublished(directory)) && !(await hasWholeVersion(directory))) return { kind: "first" };
  const now = await pointerOf(directory); // A first publication may have been committed between the two looks.
  if (now.ok && now.value !== undefined) return readStanding(directory);
  return withoutPointer(directory, lost(directory));
}

/** After `repair` has swept, a first publication that was killed has left none. */
async function hasWholeVersion(directory: ModelDirectory): Promise<boolean> {
  for (const version of await versionNames(directory)) {
    if ((await readManifest(join(directory.versions, version))).ok) return true;
  }
  return false;
}

async function withoutPointer(directory: ModelDirectory, problem: string): Promise<Unusable> {
  return { kind: "unusable", pointer: undefined, problem, claimed: await highestGeneration(directory) };
}
