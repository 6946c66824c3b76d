import { readlink } from "node:fs/promises";
import { join } from "node:path";

import { codeOf } from "../errors.ts";
import type { ModelDirectory } from "../publish/directory.ts";
import { currentLink, fixedNames } from "../publish/links.ts";
import { readManifest } from "../publish/manifest.ts";
import { pointerOf } from "../publish/version-records.ts";
import { onVolume } from "../publish/volume.ts";
import type { Damage } from "./damage.ts";

/** Every link that does not lead where CURRENT.json says; without a readable one there is nothing to compare with. */
export async function damageOfLinks(directory: ModelDirectory): Promise<Damage[]> {
  const pointer = await pointerOf(directory);
  if (!pointer.ok || pointer.value === undefined) return [];
  const { version } = pointer.value;
  const manifest = await readManifest(join(directory.versions, version));
  if (!manifest.ok) return [];
  const targets = Object.entries(fixedNames).map(
    ([name, file]) => [name, file in manifest.value.files ? `${currentLink}/${file}` : undefined] as const,
  );
  const damage: Damage[] = [];
  for (const [name, target] of [[currentLink, `versions/${version}`] as const, ...targets]) {
    damage.push(...(await damageOfLink(join(directory.path, name), target)));
  }
  return damage;
}

async function damageOfLink(path: string, target: string | undefined): Promise<Damage[]> {
  const found = await targetOf(path);
  if (found === target) return [];
  const expected = target === undefined ? "no link, for the version has no such file" : `a link to ${target}`;
  return [{ path, expected, found: found === undefined ? "no link" : `a link to ${found}` }];
}

async function targetOf(path: string): Promise<string | undefined> {
  return await onVolume("read the link", path, async () => {
    try {
      return await readlink(path);
    } catch (error) {
      // EINVAL: a file or directory that is no link.
      if (["ENOENT", "EINVAL"].includes(codeOf(error) ?? "")) return undefined;
      throw error;
    }
  });
}
