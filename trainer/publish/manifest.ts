import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";

import { Manifest, type ManifestFile } from "../../contract/published.ts";
import { codeOf, RunFailure } from "../errors.ts";
import type { ModelDirectory } from "./directory.ts";
import { readIfThere } from "./durable.ts";
import { parsedJson, type Parsed } from "./parsed-json.ts";
import { onVolume } from "./volume.ts";

export const manifestName = "MANIFEST.json";

/** Size in bytes and SHA-256 of bytes in memory. */
export function fingerprint(bytes: Uint8Array | string): ManifestFile {
  return { size: Buffer.byteLength(bytes), sha256: createHash("sha256").update(bytes).digest("hex") };
}

export interface IntactVersion {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
}

/**
 * Reads the version in its final place and compares every file with the manifest. Returns the manifest; throws
 * RunFailure VolumeError naming the first file that is missing or different.
 */
export async function verifyVersion(directory: ModelDirectory, version: string): Promise<Manifest> {
  const checked = await checkVersion(directory, version);
  if (!checked.ok) throw damaged(checked.problem);
  return checked.value.manifest;
}

/** The same for who can do something about it: the problem names the first file that is missing or different. */
export async function checkVersion(
  directory: ModelDirectory,
  version: string,
): Promise<Parsed<IntactVersion>> {
  const root = join(directory.versions, version);
  const path = join(root, manifestName);
  const bytes = await readIfThere(path);
  if (bytes === undefined) return { ok: false, problem: `${path}: it does not exist` };
  const read = parsedJson(Manifest, bytes);
  if (!read.ok) return { ok: false, problem: `${path}: ${read.problem}` };

  const manifest = read.value;
  const foreign = manifest.version !== version || manifest.model !== directory.model;
  const problem = foreign
    ? `${path}: it belongs to version ${manifest.version} of ${manifest.model}`
    : await damageIn(root, manifest);
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, value: { manifest, manifestSha256: fingerprint(bytes).sha256 } };
}

/** The manifest of the version directory `root`, or why it cannot be read. */
export async function readManifest(root: string): Promise<Parsed<Manifest>> {
  const bytes = await readIfThere(join(root, manifestName));
  if (bytes === undefined) return { ok: false, problem: "it does not exist" };
  return parsedJson(Manifest, bytes);
}

/** Re-reads every file below `root` that the manifest names; throws RunFailure VolumeError at the first that differs. */
export async function verifyFiles(root: string, manifest: Manifest): Promise<void> {
  const problem = await damageIn(root, manifest);
  if (problem !== undefined) throw damaged(problem);
}

async function damageIn(root: string, manifest: Manifest): Promise<string | undefined> {
  for (const [name, expected] of Object.entries(manifest.files)) {
    const path = join(root, name);
    const found = await onVolume("verify", path, () => fingerprintOfFile(path));
    if (found === undefined) return `${path}: the manifest names it, but it does not exist`;
    if (found.size === expected.size && found.sha256 === expected.sha256) continue;
    return `${path}: expected ${inWords(expected)}, found ${inWords(found)}`;
  }
  return undefined;
}

async function fingerprintOfFile(path: string): Promise<ManifestFile | undefined> {
  try {
    await using file = await open(path, "r");
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { size, sha256: hash.digest("hex") };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const inWords = ({ size, sha256 }: ManifestFile): string => `${String(size)} bytes with SHA-256 ${sha256}`;

const damaged = (problem: string): RunFailure =>
  new RunFailure(
    "VolumeError",
    `Cannot trust ${problem}. Put the file back from a backup, or move its model's directory away to begin again with a first version.`,
  );
