import { createHash } from "node:crypto";
import { join } from "node:path";

import type { z } from "zod";

import { Preprocessor } from "../../contract/published.ts";
import { TrainerReport } from "../../contract/trainer-report.ts";
import { RunFailure } from "../errors.ts";
import { isHolidayCountry } from "../features/holidays.ts";
import { featureContractVersion, featureNames } from "../features/names.ts";
import type { ModelDirectory } from "../publish/directory.ts";
import { readIfThere } from "../publish/durable.ts";
import { parsedJson } from "../publish/parsed-json.ts";

/** A version as its readers get it. */
export interface PublishedModel {
  readonly version: string;
  /** model.ubj. */
  readonly model: Uint8Array;
  readonly preprocessor: Preprocessor;
  /** report.json: the report of the run that trained it. */
  readonly report: TrainerReport;
}

/**
 * Reads a version's model, preprocessor and report. Throws RunFailure VolumeError, one sentence that names the file,
 * when one is missing or damaged, when model and preprocessor are not a pair, or when the model was trained on other
 * features than this trainer makes.
 */
export async function openPublishedModel(
  directory: ModelDirectory,
  version: string,
): Promise<PublishedModel> {
  const pathOf = (name: string): string => join(directory.versions, version, name);
  const model = await bytesOf(pathOf("model.ubj"));
  const preprocessor = await documentOf(Preprocessor, pathOf("preprocessor.json"));
  const problem = whyUnfit(preprocessor, { directory, version, model });
  if (problem !== undefined) throw unusable(pathOf("preprocessor.json"), problem);
  return { version, model, preprocessor, report: await documentOf(TrainerReport, pathOf("report.json")) };
}

async function bytesOf(path: string): Promise<Buffer> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw unusable(path, "it does not exist");
  return bytes;
}

async function documentOf<T>(schema: z.ZodType<T>, path: string): Promise<T> {
  const parsed = parsedJson(schema, await bytesOf(path));
  if (!parsed.ok) throw unusable(path, parsed.problem);
  return parsed.value;
}

function whyUnfit(
  preprocessor: Preprocessor,
  { directory, version, model }: { directory: ModelDirectory; version: string; model: Uint8Array },
): string | undefined {
  const sha256 = createHash("sha256").update(model).digest("hex");
  if (preprocessor.model !== directory.model || preprocessor.version !== version) {
    return `it belongs to version ${preprocessor.version} of ${preprocessor.model}`;
  }
  if (preprocessor.modelSha256 !== sha256) {
    return `it expects a model.ubj with SHA-256 ${preprocessor.modelSha256}, found ${sha256}`;
  }
  if (preprocessor.featureContractVersion !== featureContractVersion) {
    return `its feature contract is version ${String(preprocessor.featureContractVersion)}, this trainer has version ${String(featureContractVersion)}`;
  }
  if (!isHolidayCountry(preprocessor.holidayCountry)) {
    return `its holidays are those of ${preprocessor.holidayCountry}, which this trainer does not know`;
  }
  return preprocessor.features.join() === featureNames.join()
    ? undefined
    : `its features are ${preprocessor.features.join(", ")}, this trainer makes ${featureNames.join(", ")}`;
}

const unusable = (path: string, problem: string): RunFailure =>
  new RunFailure("VolumeError", `Cannot use ${path}: ${problem}`);
