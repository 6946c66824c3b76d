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

/** As Kubernetes' own API has it; the API server says what is wrong with it. */
const PodField = z.record(z.string(), z.unknown());
const Name = z.string().min(1).max(253);
const Texts = z.record(z.string().max(317), z.string().max(4096));

/** How trainer Pods are placed and run: the cluster's business and not a run's. */
export const PodOptions = z.strictObject({
  labels: Texts.default({}).describe("Labels beside our own"),
  annotations: Texts.default({}).describe("Annotations beside our own"),
  nodeSelector: Texts.default({}).describe("Labels that a node must have"),
  affinity: PodField.optional().describe("As in a Pod"),
  tolerations: z.array(PodField).max(100).default([]).describe("As in a Pod"),
  imagePullPolicy: z
    .enum(["Always", "IfNotPresent", "Never"])
    .optional()
    .describe("Default: Kubernetes' own"),
  imagePullSecrets: z.array(Name).max(10).default([]).describe("Names of Secrets"),
  priorityClassName: Name.optional().describe("As in a Pod"),
  runtimeClassName: Name.optional().describe("As in a Pod"),
  serviceAccountName: Name.optional().describe(
    "Default: the namespace's; its token is never mounted in any case",
  ),
  env: Texts.default({}).describe("Variables of the trainer's container, such as those of a proxy"),
  databaseCaConfigMap: Name.optional().describe(
    "ConfigMap whose key ca.crt holds the certificate authority of the database server",
  ),
  runAsUser: z
    .int()
    .min(1)
    .nullable()
    .default(65532)
    .describe("User and group id; null leaves them to the platform, as OpenShift wants"),
  fsGroup: z
    .int()
    .min(1)
    .nullable()
    .default(65532)
    .describe("Group that owns the volume's files; null leaves it to the platform"),
  terminationGracePeriodSeconds: z
    .int()
    .min(5)
    .max(3600)
    .default(60)
    .describe("Between SIGTERM and SIGKILL; the trainer needs a few seconds for its report"),
});
export type PodOptions = z.infer<typeof PodOptions>;

const Names = z.array(z.string().min(1).max(512)).max(100).default([]);

/** The one document that completes specs: read by operator, sidecar, create-run and by a local run. */
export const Configuration = z.strictObject({
  model: ModelName.default(builtInModel).describe("The model of a run that names none"),
  defaults: SpecDefaults.default({}).describe("Fields of the spec for all models"),
  models: z
    .record(
      ModelName,
      z.strictObject({
        schedule: z.string().max(100).optional().describe("When runs are created, as cron writes it"),
        timeZone: TimeZone.optional(),
        suspend: z.boolean().optional().describe("Create no runs"),
        spec: SpecDefaults.default({}).describe("Fields of the spec for this model"),
      }),
    )
    .default({})
    .describe(
      "The models there are, by name: {schedule, timeZone, suspend, spec}; a run of another name is refused. Without any, the default model is the only one",
    ),
  allowed: z
    .strictObject({
      images: Names.describe("Trainer images"),
      secrets: Names.describe("Secrets with a DATABASE_URL"),
      claims: Names.describe("PersistentVolumeClaims"),
    })
    .prefault({})
    .describe("Beside the configured ones, the only values that a spec may name"),
  pod: PodOptions.prefault({}).describe("How trainer Pods are placed and run"),
  keepRuns: z
    .strictObject({
      succeeded: z.int().min(1).max(1000).default(12).describe("Published, Restored, DryRun and Skipped"),
      failed: z.int().min(1).max(1000).default(3).describe("The others"),
    })
    .prefault({})
    .describe("Finished runs that are kept of each model"),
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
