import { createHash } from "node:crypto";

import type { Preprocessor } from "../../contract/published.ts";
import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { Station } from "../clean/clean.ts";
import { featureContractVersion, featureNames, targetName } from "../features/names.ts";

/** What a version's preprocessor is made of. */
export interface PreprocessorParts {
  readonly version: string;
  readonly model: Uint8Array;
  readonly input: TrainerInput;
  readonly stations: readonly Station[];
  readonly dataThrough: string;
}

/**
 * What a reader needs beside the model to make its 22 columns. `stations` gives station_id by position.
 * `modelSha256` names the model.ubj it belongs to, so that a mismatched pair can be seen without a version inside
 * the model, whose bytes depend on nothing but data and recipe.
 */
export const preprocessorOf = ({
  version,
  model,
  input,
  stations,
  dataThrough,
}: PreprocessorParts): Preprocessor => ({
  formatVersion: 1,
  featureContractVersion,
  model: input.model,
  version,
  modelSha256: createHash("sha256").update(model).digest("hex"),
  dataThrough,
  timeZone: input.source.timeZone,
  holidayCountry: input.features.holidayCountry,
  features: [...featureNames],
  target: targetName,
  served: "max(0, round half to even(prediction))",
  stations: stations.map(({ id, name, latitude, longitude }) => ({
    id,
    name: name ?? null,
    latitude: known(latitude),
    longitude: known(longitude),
  })),
});

/** preprocessor.json. */
export const preprocessorJson = (parts: PreprocessorParts): string =>
  `${JSON.stringify(preprocessorOf(parts), null, 1)}\n`;

const known = (degrees: number): number | null => (Number.isNaN(degrees) ? null : degrees);
