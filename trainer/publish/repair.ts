import { join } from "node:path";

import type { CurrentPointer } from "../../contract/published.ts";
import type { ModelDirectory } from "./directory.ts";
import { readHistory, resolveEntry, setAside, type HistoryFile } from "./history.ts";
import { removeVersion, sweepStaging } from "./leftovers.ts";
import { followCurrent, refuseForeignNames } from "./links.ts";
import { readManifest } from "./manifest.ts";
import { championOf, readStanding, type Standing } from "./standing.ts";
import { versionNames } from "./version-records.ts";

type Say = (sentence: string) => void;

/**
 * Brings the directory to what CURRENT.json says, at the start of every run and under the model's lock: takes back
 * what a killed publication left, makes the links follow, resolves claimed generations. Returns how the model stands.
 * With an unusable champion only leftovers are swept, which no reader has seen: no version goes, no link moves.
 * Throws RunFailure as `volumeFailure`, and VolumeError for a name that is not ours.
 */
export async function repair(directory: ModelDirectory, say: Say): Promise<Standing> {
  await refuseForeignNames(directory);

  // Claims are listed before the sweep: whoever made them cannot commit after it, whoever comes later is not in the list.
  const claims = (await readHistory(directory)).filter(isOpen);
  await sweepStaging(directory, say);
  const standing = await readStanding(directory);
  // Without a readable CURRENT.json nobody knows which claim was committed; the next readable one will tell.
  if (standing.kind === "first" || standing.pointer !== undefined)
    await resolveClaims(directory, claims, standing);
  if (standing.kind === "sound") await followCurrent(directory, standing.pointer);
  if (standing.kind !== "unusable") await sweepUnknownVersions(directory, championOf(standing), say);
  return standing;
}

/** Marks the claim of the current generation committed, and the others abandoned: their runs can no longer commit. */
async function resolveClaims(
  directory: ModelDirectory,
  claims: readonly HistoryFile[],
  standing: Standing,
): Promise<void> {
  const claimed = new Set(claims.map(({ generation }) => generation));
  const current = championOf(standing)?.generation;
  const unresolved = (await readHistory(directory)).filter((file) =>
    file.generation === current
      ? file.entry?.state !== "committed"
      : claimed.has(file.generation) && isOpen(file),
  );
  for (const { entry, ...file } of unresolved) {
    if (entry === undefined) await setAside(file);
    else await resolveEntry(directory, entry, file.generation === current ? "committed" : "abandoned");
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

const isOpen = ({ entry }: HistoryFile): boolean => entry === undefined || entry.state === "intended";
