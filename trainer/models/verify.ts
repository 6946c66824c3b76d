import { ExitCode } from "../../contract/exit-codes.ts";
import { existingModelDirectory } from "../publish/versions.ts";
import { versionRecords } from "../publish/version-records.ts";
import type { Answer, Surroundings } from "./answer.ts";
import type { Asked } from "./asked.ts";
import { damageOfPointer, damageOfVersion, type Damage } from "./damage.ts";
import { findVersion } from "./find-version.ts";
import { damageOfLinks } from "./link-damage.ts";

/** Compares every file of one version, or of all, with its manifest, and CURRENT.json and the links with what they name. */
export async function verify({ modelsDir }: Surroundings, asked: Asked["verify"]): Promise<Answer> {
  const directory = await existingModelDirectory(modelsDir, asked.model);
  const records = await versionRecords(directory);
  const chosen = asked.version === undefined ? records : [findVersion(records, asked.version)];
  const found: Damage[] = [...(await damageOfPointer(directory)), ...(await damageOfLinks(directory))];
  for (const { version } of chosen) found.push(...(await damageOfVersion(directory, version)));

  const versions = chosen.map(({ version }) => version);
  const sound = found.length === 0;
  const counted = `${String(versions.length)} ${versions.length === 1 ? "version" : "versions"} of ${asked.model}`;
  return {
    document: { model: asked.model, versions, sound, damage: found },
    text: sound
      ? [`Sound: all files of ${counted}, CURRENT.json and the links.`]
      : [
          ...found.map(damageLine),
          `Damaged: ${String(found.length)} ${found.length === 1 ? "file or link" : "files or links"}, named above, of ${counted}.`,
        ],
    exitCode: sound ? ExitCode.Verdict : ExitCode.Disk,
  };
}

const damageLine = ({ path, expected, found }: Damage): string =>
  `${path}: expected ${expected}, found ${found}`;
