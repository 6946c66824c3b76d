import { rm } from "node:fs/promises";
import { join } from "node:path";

import { Pin, VersionName } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { makeDirectory, readIfThere, replaceFile, syncDirectory } from "./durable.ts";
import { namesIn } from "./listing.ts";
import { parsedJson, toJson } from "./parsed-json.ts";
import { versionNames } from "./version-records.ts";
import { onVolume } from "./volume.ts";

/**
 * Keeps a version from retention until it is unpinned; who pins it again replaces the reason. Throws RunFailure
 * BadConfiguration when there is no such version, else as `volumeFailure`.
 */
export async function pinVersion(directory: ModelDirectory, version: string, pin: Pin): Promise<void> {
  const versions = await versionNames(directory);
  if (!versions.includes(version)) throw nothingToDo("pin", version, "there is no such version", versions);
  await makeDirectory(directory.pins);
  await replaceFile(pathOf(directory, version), toJson(pin), directory.staging);
}

/** Throws RunFailure BadConfiguration when the version is not pinned. */
export async function unpinVersion(directory: ModelDirectory, version: string): Promise<void> {
  const pinned = await pinnedNames(directory);
  if (!pinned.includes(version)) throw nothingToDo("unpin", version, "it is not pinned", pinned);
  const path = pathOf(directory, version);
  await onVolume("remove", path, () => rm(path, { force: true }));
  await syncDirectory(directory.pins);
}

/**
 * The pins by version. Throws RunFailure VolumeError for one that cannot be read: what it protects must not be
 * removed for that.
 */
export async function readPins(directory: ModelDirectory): Promise<ReadonlyMap<string, Pin>> {
  const pins = new Map<string, Pin>();
  for (const version of await pinnedNames(directory)) {
    const bytes = await readIfThere(pathOf(directory, version));
    if (bytes === undefined) continue;
    const parsed = parsedJson(Pin, bytes);
    if (!parsed.ok) throw unreadable(pathOf(directory, version), parsed.problem);
    pins.set(version, parsed.value);
  }
  return pins;
}

async function pinnedNames(directory: ModelDirectory): Promise<readonly string[]> {
  const files = (await namesIn(directory.pins)).filter((file) => file.endsWith(".json"));
  const versions = files.map((file) => file.slice(0, -".json".length));
  return versions.filter((version) => VersionName.safeParse(version).success).sort();
}

const pathOf = (directory: ModelDirectory, version: string): string =>
  join(directory.pins, `${version}.json`);

function nothingToDo(action: string, version: string, why: string, there: readonly string[]): RunFailure {
  const found = there.length === 0 ? "none" : [...there].sort().join(", ");
  return new RunFailure(
    "BadConfiguration",
    `Cannot ${action} ${version}: ${why}. There are: ${found}. Name one of them.`,
  );
}

const unreadable = (path: string, problem: string): RunFailure =>
  new RunFailure(
    "VolumeError",
    `Cannot read the pin ${path}: ${problem}. Pin the version again, or remove the file.`,
  );
