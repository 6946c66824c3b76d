import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import { pauseImage } from "./cluster/node/files.ts";
import type { ImageArchive } from "./cluster/node/import-image.ts";
import { makeImage, type ImagePlan } from "./images/archive.ts";
import { DirectoryCache } from "./images/cache.ts";
import { contentOf, libraryDirectory } from "./images/content.ts";
import { text, together, type Files } from "./images/files.ts";
import { pauseProgram } from "./images/pause.ts";
import { program, shellPrograms } from "./images/programs.ts";
import { ensureLibrary } from "./setup.ts";
import type { Say } from "./xgboost/run.ts";

const project = path.join(import.meta.dirname, "..");

export const trainerImage = "localhost/retrain-trainer:dev";
export const operatorImage = "localhost/retrain-operator:dev";

/**
 * Images of this checkout for a node, and the one that every Pod needs. They are made of what this machine runs; nothing is
 * fetched but libxgboost. What has not changed since it was made is taken from the cache.
 */
export async function ensureImages(
  say: Say,
  names: readonly ImageName[] = [trainerImage, operatorImage],
): Promise<ImageArchive[]> {
  const cache = new DirectoryCache(path.join(cacheDirectory(process.env, homedir()), "images"));
  await cache.prune(new Date());
  const images = [await makeImage(pause(), cache, say)];
  for (const name of names) images.push(await makeImage(await plans[name](say), cache, say));
  return images;
}

export type ImageName = typeof trainerImage | typeof operatorImage;

const pause = (): ImagePlan => ({
  name: pauseImage,
  layers: { pause: new Map([["/pause", { content: pauseProgram(process.arch), mode: 0o755 }]]) },
  entrypoint: ["/pause"],
  environment: {},
  user: "65535:65535",
});

async function trainer(say: Say): Promise<ImagePlan> {
  const { path: file } = await ensureLibrary(say);
  const { packages, sources, library } = await contentOf("trainer", project, file);
  return {
    name: trainerImage,
    layers: {
      node: await nodeLayer(),
      xgboost: library,
      "trainer-packages": packages,
      trainer: sources,
    },
    entrypoint: ["node", "--max-semi-space-size=2", "/app/trainer/main.ts"],
    environment: {
      ...environment,
      XGBOOST_LIBRARY: path.join(libraryDirectory, path.basename(file)),
      LD_LIBRARY_PATH: libraryDirectory,
    },
    user,
  };
}

async function operator(): Promise<ImagePlan> {
  const { packages, sources } = await contentOf("operator", project);
  return {
    name: operatorImage,
    layers: {
      node: await nodeLayer(),
      "operator-packages": packages,
      operator: sources,
    },
    entrypoint: ["node", "/app/operator/main.ts"],
    environment,
    user,
  };
}

const plans: Readonly<Record<ImageName, (say: Say) => Promise<ImagePlan>>> = {
  [trainerImage]: trainer,
  [operatorImage]: operator,
};

const user = "65532:65532";
const environment = { PATH: "/bin", HOME: "/tmp", NODE_ENV: "production" };

async function nodeLayer(): Promise<Files> {
  const authorities = "/etc/ssl/certs/ca-certificates.crt";
  const users = { root: 0, nobody: 65534, retrain: 65532 };
  const rows = Object.entries(users).map(([name, id]) => [name, String(id)] as const);
  return together(
    await program("/bin/node", process.execPath),
    await shellPrograms(),
    new Map([
      ["/etc/passwd", text(rows.map(([name, id]) => `${name}:x:${id}:${id}::/:/bin/sh\n`).join(""))],
      ["/etc/group", text(rows.map(([name, id]) => `${name}:x:${id}:\n`).join(""))],
      ["/etc/nsswitch.conf", text("hosts: files dns\n")],
    ]),
    existsSync(authorities) ? new Map([[authorities, { file: authorities }]]) : new Map(),
  );
}
