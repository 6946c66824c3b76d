import type { Preprocessor } from "../../../contract/published.ts";
import { featureContractVersion, featureNames, targetName } from "../../../trainer/features/names.ts";
import { array, object, string } from "./ubjson-writer.ts";

/** The preprocessor.json of a version with these stations. */
export const preprocessorOf = (ids: readonly string[]): Preprocessor => ({
  formatVersion: 1,
  featureContractVersion,
  model: "bike-traffic",
  version: "20261201T010000Z-a",
  modelSha256: "0".repeat(64),
  dataThrough: "2026-11-30",
  timeZone: "Europe/Paris",
  holidayCountry: "FR",
  features: [...featureNames],
  target: targetName,
  served: "max(0, round half to even(prediction))",
  stations: ids.map((id) => ({ id, name: null, latitude: null, longitude: null })),
});

/** The outline of a model.ubj: without trees, but with a base_score at its place. */
export const tinyModel = (baseScore: string): Uint8Array =>
  object([
    [
      "learner",
      object([
        ["feature_names", array(featureNames.map(string))],
        ["learner_model_param", object([["base_score", string(baseScore)]])],
      ]),
    ],
  ]);
