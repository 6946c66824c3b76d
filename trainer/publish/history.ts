import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { HistoryEntry } from "../../contract/published.ts";
import { codeOf, RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { readIfThere, replaceFile, syncDirectory } from "./durable.ts";
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

/** The number after the highest that was ever claimed; an abandoned number is not used again. */
export async function nextGeneration(directory: ModelDirectory, current: number): Promise<number> {
  const names = await onVolume("list", directory.history, () => readdir(directory.history));
  const claimed = names.map((name) => parseInt(name, 10)).filter(Number.isInteger);
  return Math.max(current, ...claimed) + 1;
}

/**
 * Claims `entry.generation` by creating its file exclusively: of any number of writers one succeeds, the others get
 * RunFailure ModelLocked. Returns when the claim is on the disk.
 */
export async function claimGeneration(directory: ModelDirectory, entry: HistoryEntry): Promise<void> {
  const path = entryPath(directory, entry.generation);
  const content = toJson(entry);
  await onVolume("claim the generation", path, () => createEntry(path, content), Buffer.byteLength(content));
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
export async function setAside(file: HistoryFile): Promise<void> {
  const aside = file.path.replace(/json$/, "unreadable");
  await onVolume("set aside", file.path, () => rename(file.path, aside));
}

const entryPath = (directory: ModelDirectory, generation: number): string =>
  join(directory.history, `${String(generation).padStart(6, "0")}.json`);

async function createEntry(path: string, content: string): Promise<void> {
  await using file = await exclusively(path);
  try {
    await file.writeFile(content);
    await file.chmod(0o644);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true }); // A full disk leaves an empty claim behind, which would count as another writer's.
    throw error;
  }
}

async function exclusively(path: string) {
  try {
    return await open(path, "wx", 0o644);
  } catch (cause) {
    if (codeOf(cause) !== "EEXIST") throw cause;
    throw new RunFailure(
      "ModelLocked",
      `Cannot claim ${path}: another run of this model claimed that generation first. Run again when the other has ended.`,
      { cause },
    );
  }
}
