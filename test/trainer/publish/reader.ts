/**
 * A service that reads the current version again and again, until its stdin ends: by CURRENT.json, and by the
 * directory behind `current`. Prints how often it read, how many versions it saw, and every mixture.
 */
import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";

import { CurrentPointer, Manifest } from "../../../contract/published.ts";

const model = join(process.argv[2] ?? "", "bikes");
const seen = new Set<string>();
const mixtures: string[] = [];
let reads = 0;

async function readByPointer(): Promise<void> {
  const pointer = CurrentPointer.parse(JSON.parse(await readFile(join(model, "CURRENT.json"), "utf8")));
  const root = join(model, "versions", pointer.version);
  const bytes = await readFile(join(root, "MANIFEST.json"));
  if (sha256(bytes) !== pointer.manifestSha256)
    mixtures.push(`${pointer.version}: not the manifest of CURRENT.json`);
  await readFiles(root, Manifest.parse(JSON.parse(bytes.toString())));
}

async function readByLink(): Promise<void> {
  const root = await realpath(join(model, "current"));
  await readFiles(root, Manifest.parse(JSON.parse(await readFile(join(root, "MANIFEST.json"), "utf8"))));
}

async function readFiles(root: string, manifest: Manifest): Promise<void> {
  for (const [name, expected] of Object.entries(manifest.files)) {
    const bytes = await readFile(join(root, name));
    const { version } = JSON.parse(bytes.toString()) as { version: string };
    if (version !== manifest.version || sha256(bytes) !== expected.sha256) {
      mixtures.push(`${root}/${name} is of ${version}`);
    }
    seen.add(version);
  }
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const stop = new AbortController();
process.stdin
  .on("end", () => {
    stop.abort();
  })
  .resume();
process.stdout.write("reading\n");
while (!stop.signal.aborted) {
  await readByPointer();
  await readByLink();
  reads += 1;
}
process.stdout.write(`${JSON.stringify({ reads, versions: seen.size, mixtures })}\n`);
