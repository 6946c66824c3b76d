import { createHash } from "node:crypto";

import type { TrainerInput } from "../../contract/trainer-input.ts";
import { featureContractVersion } from "./names.ts";

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};

/**
 * sha256 of what makes the model beside the data: the feature contract, libxgboost's version, the source mapping and
 * the training spec. Clock and span are left out: they show in the data. So is the number of threads unless the spec sets
 * it: another node is no other recipe.
 */
export function recipeFingerprint(input: TrainerInput, libraryVersion: string): string {
  const { asOf, since, until, ...source } = input.source;
  const recipe = {
    featureContractVersion,
    libraryVersion,
    source,
    features: input.features,
    training: input.training,
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(recipe)))
    .digest("hex");
}
