import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Pin } from "../../contract/published.ts";
import { ModelName } from "../../contract/spec/words.ts";
import { TrainerReport } from "../../contract/trainer-report.ts";
import { codeOf, RunFailure } from "../errors.ts";
import { pathsOf, type ModelDirectory } from "./directory.ts";
import { isThere, readIfThere } from "./durable.ts";
import { namesIn } from "./listing.ts";
import { parsedJson, type Parsed } from "./parsed-json.ts";
import { readPins } from "./pins.ts";
import { versionRecords, type VersionRecord } from "./version-records.ts";
import { onVolume } from "./volume.ts";

/** A version and what its run found out. `problem` may also tell of the report. */
export interface VersionSummary extends VersionRecord {
  readonly pinned: Pin | undefined;
  /** Of its files as they are. */
  readonly sizeBytes: number;
  /** Of the run that trained it. */
  readonly report: TrainerReport | undefined;
}

/** Every version on the volume, newest generation first, those that no history names last. Reads only. */
export async function listVersions(directory: ModelDirectory): Promise<readonly VersionSummary[]> {
  const pins = await readPins(directory);
  const records = await versionRecords(directory);
  return await Promise.all(records.map((record) => summaryOf(directory, record, pins.get(record.version))));
}

/** `versions/<version>/report.json`, or in half a sentence why it cannot be read. */
export async function readVersionReport(
  directory: ModelDirectory,
  version: string,
): Promise<Parsed<TrainerReport>> {
  const bytes = await readIfThere(join(directory.versions, version, "report.json"));
  return bytes === undefined ? { ok: false, problem: "it does not exist" } : parsedJson(TrainerReport, bytes);
}

/**
 * A model's directory for those who only look: nothing is created. Throws RunFailure BadConfiguration, naming the
 * models there are, when no version was ever written for that name.
 */
export async function existingModelDirectory(modelsDir: string, model: string): Promise<ModelDirectory> {
  const models = await modelNames(modelsDir);
  if (models.includes(model)) return pathsOf(modelsDir, model);
  const found = models.length === 0 ? "no model at all" : models.join(", ");
  throw new RunFailure(
    "BadConfiguration",
    `Cannot find the model ${JSON.stringify(model)} in ${modelsDir}: found ${found}. Name one of them, or another directory.`,
  );
}

/** The models of a volume by name, in alphabetical order. Throws RunFailure BadConfiguration when there is no such directory. */
export async function modelNames(modelsDir: string): Promise<readonly string[]> {
  if (!(await isThere(modelsDir))) throw noVolume(modelsDir);
  const names = (await namesIn(modelsDir)).filter((name) => ModelName.safeParse(name).success);
  const isModel = await Promise.all(names.map((name) => isThere(join(modelsDir, name, "versions"))));
  return names.filter((_, i) => isModel[i]).sort();
}

async function summaryOf(
  directory: ModelDirectory,
  record: VersionRecord,
  pinned: Pin | undefined,
): Promise<VersionSummary> {
  const report = await readVersionReport(directory, record.version);
  const problems = [record.problem, report.ok ? undefined : `report.json: ${report.problem}`];
  return {
    ...record,
    pinned,
    sizeBytes: await sizeOf(join(directory.versions, record.version)),
    report: report.ok ? report.value : undefined,
    problem: problems.filter((problem) => problem !== undefined).join("; ") || undefined,
  };
}

async function sizeOf(root: string): Promise<number> {
  return await onVolume("measure", root, async () => {
    try {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
      return sizes.reduce((total, { size }) => total + size, 0);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return 0; // Retention has removed it meanwhile.
      throw error;
    }
  });
}

const noVolume = (modelsDir: string): RunFailure =>
  new RunFailure(
    "BadConfiguration",
    `Cannot look for models in ${modelsDir}: there is no such directory. Name the one that holds them.`,
  );
