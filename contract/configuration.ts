import { z } from "zod";

import { builtInDefaults, builtInModel } from "./defaults.ts";
import { given } from "./given.ts";
import { overlay } from "./overlay.ts";
import { SpecDefaults, type RetrainRunSpec } from "./retrain-run.ts";
import { Checks, Gate } from "./spec/gates.ts";
import { Job, Storage } from "./spec/job.ts";
import { Features, Source } from "./spec/source.ts";
import { Training } from "./spec/training.ts";
import { ModelName, TimeZone } from "./spec/words.ts";
import type { TrainerInput } from "./trainer-input.ts";

const Names = z.array(z.string().min(1).max(512)).max(100);

/** The one document that completes specs: read by operator, sidecar, create-run and by a local run. */
export const Configuration = z.strictObject({
  /** The model of a run that names none. */
  model: ModelName.default(builtInModel),
  defaults: SpecDefaults.default({}),
  /** The models there are; a run of another name is refused. Without any, the default model is the only one. */
  models: z
    .record(
      ModelName,
      z.strictObject({
        schedule: z.string().max(100).optional(),
        timeZone: TimeZone.optional(),
        suspend: z.boolean().optional(),
        spec: SpecDefaults.default({}),
      }),
    )
    .default({}),
  /** Beside the configured ones, the only values that a spec may name. */
  allowed: z
    .strictObject({ images: Names.default([]), secrets: Names.default([]), claims: Names.default([]) })
    .default({ images: [], secrets: [], claims: [] }),
});
export type Configuration = z.infer<typeof Configuration>;

const Resolved = z.strictObject({
  source: Source,
  features: Features,
  training: Training,
  gate: Gate,
  checks: Checks,
  storage: Storage,
  job: Job,
  ttlSecondsAfterFinished: z.int().min(0).optional(),
});
/** Every section of a spec, complete. */
export type Resolved = z.infer<typeof Resolved>;

const sectionsOf = (spec: RetrainRunSpec): SpecDefaults => {
  const { source, features, training, gate, checks, storage, job, ttlSecondsAfterFinished } = spec;
  return { source, features, training, gate, checks, storage, job, ttlSecondsAfterFinished };
};

/** spec > model > defaults > built in. Objects are merged by field, lists are replaced whole. */
export function resolveSections(spec: RetrainRunSpec, configuration: Configuration): Resolved {
  const model = configuration.models[spec.model ?? configuration.model]?.spec ?? {};
  const layers = [configuration.defaults, model, sectionsOf(spec)];
  return Resolved.parse(layers.reduce<unknown>(overlay, builtInDefaults));
}

/** The trainer's whole input for one run. */
export function trainerInput(
  spec: RetrainRunSpec,
  configuration: Configuration,
  runUid: string,
): TrainerInput {
  const { source, features, training, gate, checks, storage } = resolveSections(spec, configuration);
  const { secretRef, ...readable } = source;
  const { recheck, ...limits } = checks;
  const { keepVersions, keepRejected, legacyPickle } = storage;
  const { period, requestedBy, force, restore } = spec;
  return {
    runUid,
    model: spec.model ?? configuration.model,
    trigger: spec.trigger ?? "Manual",
    dryRun: spec.dryRun ?? false,
    ...given({ period, requestedBy, force, restore }),
    source: readable,
    features,
    training,
    gate,
    checks: limits,
    storage: { keepVersions, keepRejected, legacyPickle },
  };
}
