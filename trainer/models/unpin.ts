import { unpinVersion } from "../publish/pins.ts";
import { versionRecords } from "../publish/version-records.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { findVersion } from "./find-version.ts";
import { asWriter } from "./writing.ts";

/** Takes the pin of a version away. */
export async function unpin(around: Surroundings, asked: Asked["unpin"]): Promise<Answer> {
  const { model } = asked;
  const version = await asWriter(around, model, async ({ directory }) => {
    const found = findVersion(await versionRecords(directory), asked.version);
    await unpinVersion(directory, found.version);
    return found.version;
  });
  return {
    document: { model, version, unpinned: true },
    text: [`Unpinned: ${version} of ${model} goes when it is old enough.`],
    exitCode: 0,
  };
}
