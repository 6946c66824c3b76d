import { pinVersion } from "../publish/pins.ts";
import { versionRecords } from "../publish/version-records.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { findVersion } from "./find-version.ts";
import { asWriter } from "./writing.ts";

/** Keeps a version from retention; nothing else. */
export async function pin(around: Surroundings, asked: Asked["pin"]): Promise<Answer> {
  const { model, reason, by = around.who } = asked;
  const made = { by, why: reason, at: around.clock().toISOString() };
  const version = await asWriter(around, model, async ({ directory }) => {
    const found = findVersion(await versionRecords(directory), asked.version);
    await pinVersion(directory, found.version, made);
    return found.version;
  });
  return {
    document: { model, version, pinned: made },
    text: [`Pinned: ${version} of ${model} stays until it is unpinned.`],
    exitCode: 0,
  };
}
