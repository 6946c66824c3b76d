import { join } from "node:path";

import type { ManifestFile } from "../../contract/published.ts";
import type { ModelDirectory } from "../publish/directory.ts";
import { isThere, readIfThere } from "../publish/durable.ts";
import { wasPublished } from "../publish/current.ts";
import { fingerprint, manifestName, readManifest } from "../publish/manifest.ts";
import { pointerOf } from "../publish/version-records.ts";

/** A file or link that is not what it should be, in words. */
export interface Damage {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** Every file of a version that is not as its manifest says, or the manifest itself; none of a version that is gone. */
export async function damageOfVersion(directory: ModelDirectory, version: string): Promise<Damage[]> {
  const root = join(directory.versions, version);
  const damage = await damageIn(root, { version, model: directory.model });
  return damage.length > 0 && !(await isThere(root)) ? [] : damage; // Retention takes a version away whole.
}

async function damageIn(root: string, own: { version: string; model: string }): Promise<Damage[]> {
  const path = join(root, manifestName);
  const manifest = await readManifest(root);
  if (!manifest.ok) return [{ path, expected: "the manifest of the version", found: manifest.problem }];
  const { version, model, files } = manifest.value;
  const damage: Damage[] = [];
  if (version !== own.version || model !== own.model) {
    const expected = `the manifest of ${own.version} of ${own.model}`;
    damage.push({ path, expected, found: `that of ${version} of ${model}` });
  }
  for (const [name, expected] of Object.entries(files)) {
    damage.push(...(await damageOfFile(join(root, name), expected)));
  }
  return damage;
}

/** What is wrong with CURRENT.json and the manifest that it vouches for. */
export async function damageOfPointer(directory: ModelDirectory): Promise<Damage[]> {
  const path = directory.current;
  const pointer = await pointerOf(directory);
  if (!pointer.ok) return [{ path, expected: "the current version's name", found: pointer.problem }];
  if (pointer.value === undefined) return await damageOfNoPointer(directory);
  const { version, manifestSha256 } = pointer.value;
  const manifest = join(directory.versions, version, manifestName);
  const bytes = await readIfThere(manifest);
  if (bytes === undefined)
    return [{ path: manifest, expected: "the manifest that CURRENT.json names", found: "nothing" }];
  const { sha256 } = fingerprint(bytes);
  if (sha256 === manifestSha256) return [];
  return [
    { path: manifest, expected: `SHA-256 ${manifestSha256} by CURRENT.json`, found: `SHA-256 ${sha256}` },
  ];
}

async function damageOfNoPointer(directory: ModelDirectory): Promise<Damage[]> {
  if (!(await wasPublished(directory))) return [];
  return [{ path: directory.current, expected: "the current version's name", found: "no such file" }];
}

async function damageOfFile(path: string, expected: ManifestFile): Promise<Damage[]> {
  const bytes = await readIfThere(path);
  const found = bytes === undefined ? undefined : fingerprint(bytes);
  if (found?.size === expected.size && found.sha256 === expected.sha256) return [];
  return [
    { path, expected: inWords(expected), found: found === undefined ? "no such file" : inWords(found) },
  ];
}

const inWords = ({ size, sha256 }: ManifestFile): string => `${String(size)} bytes with SHA-256 ${sha256}`;
