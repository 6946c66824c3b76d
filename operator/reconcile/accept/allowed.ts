import type { Configuration, Resolved as Sections } from "../../../contract/configuration.ts";
import { builtInDefaults } from "../../../contract/defaults.ts";
import type { SpecDefaults } from "../../../contract/retrain-run.ts";
import { RunReason } from "../../../contract/run-reasons.ts";
import { listed } from "./listed.ts";
import type { Refusal } from "../seen.ts";

interface Guarded {
  readonly field: string;
  readonly listedIn: keyof Configuration["allowed"];
  readonly value: (sections: SpecDefaults) => string | undefined;
}

/** Whoever may create a run must not thereby run any image with any Secret on any volume of the namespace. */
const guarded: readonly Guarded[] = [
  { field: "spec.job.image", listedIn: "images", value: ({ job }) => job?.image },
  {
    field: "spec.source.secretRef.name",
    listedIn: "secrets",
    value: ({ source }) => source?.secretRef?.name,
  },
  { field: "spec.storage.claimName", listedIn: "claims", value: ({ storage }) => storage?.claimName },
];

/** Refuses the first image, Secret or claim that the configuration neither uses itself for this model nor allows. */
export function notAllowed(
  sections: Sections,
  model: string,
  configuration: Configuration,
): Refusal | undefined {
  for (const { field, listedIn, value } of guarded) {
    const found = value(sections);
    const fits = [...configured(value, model, configuration), ...configuration.allowed[listedIn]];
    if (found === undefined || fits.includes(found)) continue;
    return {
      reason: RunReason.NotAllowed,
      message:
        `Cannot accept ${field} ${JSON.stringify(found)}: the operator's configuration allows ` +
        `${listed(fits)}; use one of them, or have it added to allowed.${listedIn}`,
    };
  }
  return undefined;
}

function configured(
  value: Guarded["value"],
  model: string,
  { defaults, models }: Configuration,
): readonly string[] {
  const isGiven = (found: string | undefined) => found !== undefined;
  const values = [defaults, models[model]?.spec ?? {}].map(value).filter(isGiven);
  return values.length === 0 ? [builtInDefaults].map(value).filter(isGiven) : values;
}
