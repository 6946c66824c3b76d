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

/**
 * Reads the version in its final place and compares every file with the manifest. Returns the manifest; throws
 * RunFailure VolumeError naming the first file that is missing or different.
 */
export async function verifyVersion(directory: ModelDirectory, version: string): Promise<Manifest> {
  const root = join(directory.versions, version);
  const manifest = await readManifest(root);
  if (!manifest.ok) throw damaged(join(root, manifestName), manifest.problem);
  await verifyFiles(root, manifest.value);
  if (manifest.value.version === version && manifest.value.model === directory.model) return manifest.value;
  const found = `it belongs to version ${manifest.value.version} of ${manifest.value.model}`;
  throw damaged(join(root, manifestName), found);
}

/** The manifest of the version directory `root`, or why it cannot be read. */
export async function readManifest(root: string): Promise<Parsed<Manifest>> {
  const bytes = await readIfThere(join(root, manifestName));
  if (bytes === undefined) return { ok: false, problem: "it does not exist" };
  return parsedJson(Manifest, bytes);
}

/** Re-reads every file below `root` that the manifest names. */
export async function verifyFiles(root: string, manifest: Manifest): Promise<void> {
  for (const [name, expected] of Object.entries(manifest.files)) {
    const path = join(root, name);
    const found = await onVolume("verify", path, () => fingerprintOfFile(path));
    if (found === undefined) throw damaged(path, "the manifest names it, but it does not exist");
    if (found.size === expected.size && found.sha256 === expected.sha256) continue;
    throw damaged(path, `expected ${inWords(expected)}, found ${inWords(found)}`);
  }
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

const damaged = (path: string, problem: string): RunFailure =>
  new RunFailure(
    "VolumeError",
    `Cannot trust ${path}: ${problem}. Put the file back from a backup, or move its model's directory away to begin again with a first version.`,
  );
