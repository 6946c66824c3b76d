import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";

import { HistoryEntry } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { createExclusively, readIfThere, replaceFile, syncDirectory } from "./durable.ts";
import { parsedJson, toJson } from "./parsed-json.ts";
import { onVolume } from "./volume.ts";

/** One file of history/; without `entry` it cannot be read, as when its run was killed while it claimed the generation. */
export interface HistoryFile {
  readonly generation: number;
  readonly path: string;
  readonly entry: HistoryEntry | undefined;
}

/** Every claimed generation, oldest first. */
export async function readHistory(directory: ModelDirectory): Promise<readonly HistoryFile[]> {
  const names = await onVolume("list", directory.history, () => readdir(directory.history));
  const files: HistoryFile[] = [];
  for (const name of names.filter((name) => /^\d{6,}\.json$/.test(name))) {
    const bytes = await readIfThere(join(directory.history, name));
    if (bytes === undefined) continue;
    const parsed = parsedJson(HistoryEntry, bytes);
    const entry = parsed.ok ? parsed.value : undefined;
    files.push({ generation: parseInt(name, 10), path: join(directory.history, name), entry });
  }
  return files.sort((a, b) => a.generation - b.generation);
}

/** What became current, or was changed about it, oldest first. */
export async function committedEntries(directory: ModelDirectory): Promise<readonly HistoryEntry[]> {
  const entries = (await readHistory(directory)).flatMap(({ entry }) => entry ?? []);
  return entries.filter(({ state }) => state === "committed");
}

/** The highest number that was ever claimed, whatever became of it; 0 for none. */
export async function highestGeneration(directory: ModelDirectory): Promise<number> {
  const names = await onVolume("list", directory.history, () => readdir(directory.history));
  return Math.max(0, ...names.map((name) => parseInt(name, 10)).filter(Number.isInteger));
}

/** The number after the highest that was ever claimed; an abandoned number is not used again. */
export const nextGeneration = async (directory: ModelDirectory, current: number): Promise<number> =>
  Math.max(current, await highestGeneration(directory)) + 1;

/**
 * Claims `entry.generation` by creating its file exclusively: of any number of writers one succeeds, the others get
 * RunFailure ModelLocked. Returns when the claim is on the disk.
 */
export async function claimGeneration(directory: ModelDirectory, entry: HistoryEntry): Promise<void> {
  const path = entryPath(directory, entry.generation);
  if (!(await createExclusively(path, toJson(entry)))) {
    throw new RunFailure(
      "ModelLocked",
      `Cannot claim ${path}: another run of this model claimed that generation first. Run again when the other has ended.`,
    );
  }
  await syncDirectory(directory.history);
}

/** Says how a claimed generation ended. */
export async function resolveEntry(
  directory: ModelDirectory,
  entry: HistoryEntry,
  state: "committed" | "abandoned",
): Promise<void> {
  const path = entryPath(directory, entry.generation);
  await replaceFile(path, toJson({ ...entry, state }), directory.staging);
}

/** Takes an entry that cannot be read out of the history, but keeps its bytes and its number. */
export async function setAside(file: Pick<HistoryFile, "path">): Promise<void> {
  const aside = file.path.replace(/json$/, "unreadable");
  await onVolume("set aside", file.path, () => rename(file.path, aside));
}

const entryPath = (directory: ModelDirectory, generation: number): string =>
  join(directory.history, `${String(generation).padStart(6, "0")}.json`);
