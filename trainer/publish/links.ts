import { readdir, readlink, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import type { CurrentPointer } from "../../contract/published.ts";
import { codeOf, RunFailure } from "../errors.ts";
import { readPointer, samePointer, unusable } from "./current.ts";
import type { ModelDirectory } from "./directory.ts";
import { replaceLink, syncDirectory } from "./durable.ts";
import { readManifest } from "./manifest.ts";
import { PublishStep, type OnStep } from "./steps.ts";
import { onVolume } from "./volume.ts";

/** The names under which older readers open a model, and the file of the current version behind each. */
export const fixedNames: Readonly<Record<string, string>> = {
  "xgboost_v1.ubj": "model.ubj",
  "preprocessor_v1.json": "preprocessor.json",
  "xgboost_v1.pkl": "compat/xgboost_v1.pkl",
  "preprocessor_v1.pkl": "compat/preprocessor_v1.pkl",
};
export const currentLink = "current";

/**
 * Makes `current` and the fixed names lead to the version of CURRENT.json. All fixed names go through `current`, so
 * one rename moves them together. Ends only when CURRENT.json did not change meanwhile, so that of two writers the
 * later commit also has the links.
 */
export async function followCurrent(
  directory: ModelDirectory,
  pointer: CurrentPointer,
  onStep: OnStep = () => undefined,
): Promise<void> {
  await pointLink(directory, currentLink, `versions/${pointer.version}`);
  await onStep(PublishStep.CurrentLinked, pointer.version);
  await pointFixedNames(directory, pointer);
  await syncDirectory(directory.path);
  await onStep(PublishStep.NamesLinked, pointer.version);

  const now = await readPointer(directory);
  if (now !== undefined && !samePointer(now, pointer)) await followCurrent(directory, now);
}

/** Throws RunFailure VolumeError when a name that must become a link is taken by something else: it is not ours to replace. */
export async function refuseForeignNames(directory: ModelDirectory): Promise<void> {
  const entries = await onVolume("list", directory.path, () =>
    readdir(directory.path, { withFileTypes: true }),
  );
  const ours = new Set([currentLink, ...Object.keys(fixedNames)]);
  const foreign = entries.find((entry) => ours.has(entry.name) && !entry.isSymbolicLink());
  if (foreign === undefined) return;
  throw new RunFailure(
    "VolumeError",
    `Cannot publish in ${directory.path}: ${foreign.name} is no symbolic link, so it was not made by this trainer. Move it to another place, then run again.`,
  );
}

async function pointFixedNames(directory: ModelDirectory, pointer: CurrentPointer): Promise<void> {
  const manifest = await readManifest(join(directory.versions, pointer.version));
  if (!manifest.ok) throw unusable(directory, `the manifest of ${pointer.version}: ${manifest.problem}`);
  for (const [name, file] of Object.entries(fixedNames)) {
    if (file in manifest.value.files) await pointLink(directory, name, `${currentLink}/${file}`);
    else await removeLink(join(directory.path, name));
  }
}

async function pointLink(directory: ModelDirectory, name: string, target: string): Promise<void> {
  const path = join(directory.path, name);
  if ((await targetOf(path)) !== target) await replaceLink(path, target, directory.staging);
}

const removeLink = (path: string): Promise<void> =>
  onVolume("remove the link", path, () => rm(path, { force: true }));

async function targetOf(path: string): Promise<string | undefined> {
  return onVolume(`read the link ${basename(path)} at`, path, async () => {
    try {
      return await readlink(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}
