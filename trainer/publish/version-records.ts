import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { CurrentPointer, VersionName, type HistoryEntry } from "../../contract/published.ts";
import type { ModelDirectory } from "./directory.ts";
import { readIfThere } from "./durable.ts";
import { readHistory } from "./history.ts";
import { readManifest } from "./manifest.ts";
import { parsedJson, type Parsed } from "./parsed-json.ts";
import { onVolume } from "./volume.ts";

/** One directory of versions/, as its manifest, the history and CURRENT.json tell of it. */
export interface VersionRecord {
  readonly version: string;
  /** The generations in which it became current, oldest first; none when no history names it. */
  readonly generations: readonly number[];
  /** When it became current for the first time. */
  readonly publishedAt: string | undefined;
  /** How it became current the last time. */
  readonly last: HistoryEntry | undefined;
  /** When its files were written, by its manifest. */
  readonly createdAt: string | undefined;
  readonly isCurrent: boolean;
  /** Whether the current version replaced it. */
  readonly isPrevious: boolean;
  /** What is wrong with the manifest, in half a sentence. */
  readonly problem: string | undefined;
}

/**
 * Every version on the volume, the newest generation first, then those that no history names. Reads only. With a
 * CURRENT.json that cannot be read, none is the current one; see `pointerOf`.
 */
export async function versionRecords(directory: ModelDirectory): Promise<readonly VersionRecord[]> {
  const pointer = await pointerOf(directory);
  const current = pointer.ok ? pointer.value : undefined;
  const entries = await timesItBecameCurrent(directory, current);
  const names = await versionNames(directory);
  const records = await Promise.all(
    names.map((version) => {
      const own = entries.filter(({ to }) => to === version);
      return recordOf(directory, version, { own, current });
    }),
  );
  return records.sort((a, b) => newest(b) - newest(a) || (a.version < b.version ? 1 : -1));
}

/** The versions by name, in no order that means anything. Other names there are not ours, such as a storage system's snapshots. */
export async function versionNames(directory: ModelDirectory): Promise<readonly string[]> {
  const names = await onVolume("list", directory.versions, () => readdir(directory.versions));
  return names.filter((name) => VersionName.safeParse(name).success);
}

/** CURRENT.json for those who only look: `undefined` when there is none, or in half a sentence what is wrong with it. */
export async function pointerOf(directory: ModelDirectory): Promise<Parsed<CurrentPointer | undefined>> {
  const bytes = await readIfThere(directory.current);
  return bytes === undefined ? { ok: true, value: undefined } : parsedJson(CurrentPointer, bytes);
}

/** A claim of the current generation counts although its run was killed before it could say so. */
async function timesItBecameCurrent(
  directory: ModelDirectory,
  current: CurrentPointer | undefined,
): Promise<readonly HistoryEntry[]> {
  const entries = (await readHistory(directory)).flatMap(({ entry }) => entry ?? []);
  return entries.filter(
    ({ kind, state, generation }) =>
      kind !== "Release" && (state === "committed" || generation === current?.generation),
  );
}

async function recordOf(
  directory: ModelDirectory,
  version: string,
  { own, current }: { own: readonly HistoryEntry[]; current: CurrentPointer | undefined },
): Promise<VersionRecord> {
  const manifest = await readManifest(join(directory.versions, version));
  return {
    version,
    generations: own.map(({ generation }) => generation),
    publishedAt: own[0]?.at,
    last: own.at(-1),
    createdAt: manifest.ok ? manifest.value.createdAt : undefined,
    isCurrent: current?.version === version,
    isPrevious: current?.previous === version,
    problem: manifest.ok ? undefined : `MANIFEST.json: ${manifest.problem}`,
  };
}

const newest = ({ generations }: VersionRecord): number => generations.at(-1) ?? 0;
