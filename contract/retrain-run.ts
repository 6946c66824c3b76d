import { z } from "zod";

import { Checks, Gate } from "./spec/gates.ts";
import { Job, Storage } from "./spec/job.ts";
import { Columns, Features, Source, Tables } from "./spec/source.ts";
import { Grid, Training } from "./spec/training.ts";
import { ModelName, Period } from "./spec/words.ts";
import { RetrainRunStatus } from "./status.ts";

export const apiVersion = "retrain.velo/v1alpha1";

/** What created the run. */
export const Trigger = z.enum(["Schedule", "Api", "Manual"]);
export type Trigger = z.infer<typeof Trigger>;

export const Force = z.strictObject({
  reason: z.string().min(1).max(500).describe("Why; recorded with the version"),
});
export type Force = z.infer<typeof Force>;
export const Restore = z.strictObject({
  version: z.string().min(1).max(80).describe("The version to make current again"),
  reason: z.string().min(1).max(500).describe("Why; recorded with the restore"),
  hold: z
    .boolean()
    .optional()
    .describe("Keep runs from replacing it until it is released or a run is forced. Default: true"),
  preempt: z.boolean().optional().describe("Cancel the active run first. Default: false"),
});
export type Restore = z.infer<typeof Restore>;

const PartialSource = Source.extend({
  tables: Tables.partial().describe("Names of the three tables"),
  columns: z
    .strictObject({
      bikeCount: Columns.shape.bikeCount.partial().describe("Columns of the readings"),
      weather: Columns.shape.weather.partial().describe("Columns of the weather"),
      countersInfo: Columns.shape.countersInfo.partial().describe("Columns of the stations"),
    })
    .partial()
    .describe("Names of the tables' columns"),
  granularity: Source.shape.granularity.partial().describe("How often the tables have a row"),
}).partial();

/** The parts of a spec that configuration completes; each may be given whole, in part or not at all. */
const sections = {
  source: PartialSource.optional().describe("Where the history is read from"),
  features: Features.partial().optional().describe("How features are made"),
  training: Training.extend({ grid: Grid.partial().describe("The candidates: every combination is tried") })
    .partial()
    .optional()
    .describe("The search and the final fit"),
  gate: Gate.partial().optional().describe("The rule that decides whether the candidate may become current"),
  checks: Checks.extend({
    recheck: Checks.shape.recheck
      .partial()
      .describe("How often and how long an aborted scheduled run is checked again"),
  })
    .partial()
    .optional()
    .describe("Limits of the data gate"),
  storage: Storage.partial().optional().describe("Where versions are published"),
  job: Job.partial().optional().describe("The trainer's Job"),
  ttlSecondsAfterFinished: z
    .int()
    .min(0)
    .max(31536000)
    .optional()
    .describe("Delete the run so long after its end"),
};

/** What an operator's configuration may preset, for all models or for one. */
export const SpecDefaults = z.strictObject(sections);
export type SpecDefaults = z.infer<typeof SpecDefaults>;

export const RetrainRunSpec = z.strictObject({
  model: ModelName.optional(),
  period: Period.optional(),
  trigger: Trigger.optional().describe("What created the run. Default: Manual"),
  requestedBy: z.string().max(253).optional().describe("Who asked"),
  dryRun: z.boolean().optional().describe("Do everything except publishing"),
  force: Force.optional().describe("Publish a rejected candidate, and run despite Skipped and Held"),
  restore: Restore.optional().describe("Make an older version current again instead of training"),
  suspend: z.boolean().optional().describe("Hold a run that has not started"),
  cancel: z.boolean().optional().describe("Stop the run before its commit point"),
  ...sections,
});
export type RetrainRunSpec = z.infer<typeof RetrainRunSpec>;

/** A manifest as people write it: metadata beyond the name is not read. */
export const RetrainRun = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("RetrainRun"),
  metadata: z.object({
    name: z.string().optional(),
    generateName: z.string().optional(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
  }),
  spec: RetrainRunSpec.default({}),
  status: RetrainRunStatus.optional(),
});
export type RetrainRun = z.infer<typeof RetrainRun>;
