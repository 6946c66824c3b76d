import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

import type { ImageArchive } from "../cluster/node/import-image.ts";
import { run, type Say } from "../xgboost/run.ts";
import type { DirectoryCache } from "./cache.ts";
import { copyInto, fingerprint, type Files } from "./files.ts";

/** What an image is made from. */
export interface ImagePlan {
  /** With its tag, e.g. `localhost/pause:1`. */
  readonly name: string;
  /** By a word for people each; the first lies lowest. */
  readonly layers: Readonly<Record<string, Files>>;
  readonly entrypoint: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
}

/**
 * Makes an image, as a directory with the files of a `docker save` archive, from what the cache lacks. Only tar is needed. The
 * same files give the same image.
 */
export async function makeImage(plan: ImagePlan, cache: DirectoryCache, say: Say): Promise<ImageArchive> {
  const layers: Layer[] = [];
  for (const [word, files] of Object.entries(plan.layers))
    layers.push(await makeLayer(word, files, cache, say));
  const config = JSON.stringify(configOf(plan, layers));
  const digest = sha256(config);
  const short = path.basename(plan.name).replace(":", "-");
  const directory = await cache.get(`${short}-${digest.slice(0, 16)}`, async (work) => {
    const files = layers.map((layer) => `${layer.digest}.tar`);
    const manifest = [{ Config: `${digest}.json`, RepoTags: [plan.name], Layers: files }];
    await writeFile(path.join(work, "manifest.json"), JSON.stringify(manifest));
    await writeFile(path.join(work, `${digest}.json`), config);
    for (const layer of layers) await symlink(layer.file, path.join(work, `${layer.digest}.tar`));
  });
  const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  say(`image ${plan.name}: ${megabytes(bytes)}`);
  return { name: plan.name, directory };
}

interface Layer {
  readonly file: string;
  /** Hex SHA-256 of the file. */
  readonly digest: string;
  readonly bytes: number;
}

async function makeLayer(word: string, files: Files, cache: DirectoryCache, say: Say): Promise<Layer> {
  const name = `layer-${word}-${(await fingerprint(files)).slice(0, 16)}`;
  const directory = await cache.get(name, async (work) => {
    say(`packing ${word} (${String(files.size)} files)`);
    const [root, file] = [path.join(work, "root"), path.join(work, "layer.tar")];
    await mkdir(root);
    await copyInto(root, files);
    await run("tar", [...reproducible, `--directory=${root}`, `--file=${file}`, "--create", "."], say);
    await rm(root, { recursive: true });
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    await writeFile(path.join(work, "digest"), hash.digest("hex"));
  });
  const file = path.join(directory, "layer.tar");
  const digest = await readFile(path.join(directory, "digest"), "utf8");
  return { file, digest, bytes: (await stat(file)).size };
}

/** Readable by every user, whatever the modes here. */
const reproducible = [
  "--sort=name",
  "--mtime=@0",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
  "--mode=u=rwX,go=rX",
];

const configOf = ({ entrypoint, environment, user }: ImagePlan, layers: readonly Layer[]): object => ({
  architecture: process.arch === "x64" ? "amd64" : process.arch,
  os: "linux",
  created: "1970-01-01T00:00:00Z",
  config: {
    Entrypoint: entrypoint,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    User: user,
    WorkingDir: "/",
  },
  rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
});

const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
