import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { VersionName, type CurrentPointer } from "../../contract/published.ts";
import { readCurrent } from "./current.ts";
import type { ModelDirectory } from "./directory.ts";
import { readHistory, resolveEntry, setAside, type HistoryFile } from "./history.ts";
import { removeVersion, sweepStaging } from "./leftovers.ts";
import { followCurrent, refuseForeignNames } from "./links.ts";
import { readManifest, verifyVersion } from "./manifest.ts";
import { onVolume } from "./volume.ts";

type Say = (sentence: string) => void;

/**
 * Brings the directory to what CURRENT.json says, at the start of every run: takes back what a killed publication
 * left, makes the links follow, resolves claimed generations. Returns the champion, `undefined` on a first run.
 * Throws RunFailure VolumeError, and touches nothing, when the champion is damaged.
 */
export async function repair(directory: ModelDirectory, say: Say): Promise<CurrentPointer | undefined> {
  await refuseForeignNames(directory);
  await intactChampion(directory);

  // Claims are listed before the sweep: whoever made them cannot commit after it, whoever comes later is not in the list.
  const claims = (await readHistory(directory)).filter(isOpen);
  await sweepStaging(directory, say);
  const champion = await readCurrent(directory);
  await resolveClaims(directory, claims, champion);
  if (champion !== undefined) await followCurrent(directory, champion);
  await sweepUnknownVersions(directory, champion, say);
  return champion;
}

/** Marks the claim of the current generation committed, and the others abandoned: their runs can no longer commit. */
async function resolveClaims(
  directory: ModelDirectory,
  claims: readonly HistoryFile[],
  champion: CurrentPointer | undefined,
): Promise<void> {
  const open = new Set(claims.map(({ generation }) => generation));
  for (const file of (await readHistory(directory)).filter(isOpen)) {
    if (!open.has(file.generation)) continue;
    if (file.entry === undefined) await setAside(file);
    else await resolveEntry(directory, file.entry, isCurrent(file, champion) ? "committed" : "abandoned");
  }
}

/** A version that no commit ever named is removed when it is incomplete; a complete one may have been put there by hand. */
async function sweepUnknownVersions(
  directory: ModelDirectory,
  champion: CurrentPointer | undefined,
  say: Say,
): Promise<void> {
  const history = await readHistory(directory);
  const committed = history.filter(({ entry }) => entry?.state === "committed");
  const known = new Set([champion?.version, ...committed.map(({ entry }) => entry?.to)]);
  for (const version of await versionNames(directory)) {
    if (known.has(version)) continue;
    const path = join(directory.versions, version);
    const manifest = await readManifest(path);
    if (manifest.ok) say(`Left ${path} alone: it is complete, but no run in ${directory.history} made it.`);
    else await removeVersion(directory, version);
    if (!manifest.ok) say(`Removed ${path}: it was never current and its manifest is missing or damaged.`);
  }
}

/** Other names there are not ours, such as a storage system's snapshots. */
async function versionNames(directory: ModelDirectory): Promise<readonly string[]> {
  const names = await onVolume("list", directory.versions, () => readdir(directory.versions));
  return names.filter((name) => VersionName.safeParse(name).success);
}

async function intactChampion(directory: ModelDirectory): Promise<void> {
  const champion = await readCurrent(directory);
  if (champion !== undefined) await verifyVersion(directory, champion.version);
}

const isOpen = ({ entry }: HistoryFile): boolean => entry === undefined || entry.state === "intended";

const isCurrent = ({ generation }: HistoryFile, champion: CurrentPointer | undefined): boolean =>
  generation === champion?.generation;
