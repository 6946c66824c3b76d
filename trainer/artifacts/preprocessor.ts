import { createHash } from "node:crypto";

import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { Station } from "../clean/clean.ts";
import { featureContractVersion, featureNames, targetName } from "../features/names.ts";

/**
 * preprocessor.json: what a reader needs beside the model to make its 22 columns. `stations` gives station_id by
 * position. `modelSha256` names the model.ubj it belongs to, so that a mismatched pair can be seen without a
 * version inside the model, whose bytes depend on nothing but data and recipe.
 */
export function preprocessorJson(parts: {
  version: string;
  model: Uint8Array;
  input: TrainerInput;
  stations: readonly Station[];
  dataThrough: string;
}): string {
  const { version, input, stations } = parts;
  const document = {
    formatVersion: 1,
    featureContractVersion,
    model: input.model,
    version,
    modelSha256: createHash("sha256").update(parts.model).digest("hex"),
    dataThrough: parts.dataThrough,
    timeZone: input.source.timeZone,
    holidayCountry: input.features.holidayCountry,
    features: featureNames,
    target: targetName,
    served: "max(0, round half to even(prediction))",
    stations: stations.map(({ id, name, latitude, longitude }) => ({
      id,
      name: name ?? null,
      latitude: known(latitude),
      longitude: known(longitude),
    })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

const known = (degrees: number): number | null => (Number.isNaN(degrees) ? null : degrees);
