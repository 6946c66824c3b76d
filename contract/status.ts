import { z } from "zod";

import { Checks } from "./spec/gates.ts";
import { Job, Storage } from "./spec/job.ts";
import { Source } from "./spec/source.ts";
import { ModelName, Period } from "./spec/words.ts";
import { Verdict } from "./verdicts.ts";

const Time = z.iso.datetime();

/** Kubernetes' own condition, as `kubectl wait --for=condition=…` reads it. */
export const Condition = z.object({
  type: z
    .enum(["Accepted", "Progressing", "Finished", "Succeeded", "Published"])
    .describe("What the condition is about; Finished is True with every verdict"),
  status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds"),
  reason: z.string().max(1024).describe("Why, as one word"),
  message: z.string().max(32768).describe("Why, as a sentence"),
  lastTransitionTime: Time.describe("When the condition's status last changed"),
  observedGeneration: z.int().optional().describe("Generation of the spec that it was derived from"),
});

export const Attempt = z.object({
  job: z.string().max(63).describe("Name of the Job"),
  startedAt: Time.describe("When the Job was created"),
  finishedAt: Time.optional().describe("When the Job ended"),
  exitCode: z.int().optional().describe("Exit code of the trainer; absent when its container never ended"),
  reason: z.string().max(128).optional().describe("Why the attempt ended, as one word"),
});

/** Floats are strings in a status: the API server's clients do not agree on their JSON form. */
const DecimalText = z.string().max(32);
const Count = z.int().min(0);

export const RetrainRunStatus = z.object({
  observedGeneration: z.int().optional().describe("Generation of the spec that the status was derived from"),
  resolved: z
    .object({
      model: ModelName.optional(),
      period: Period.optional(),
      image: z.string().max(512).optional().describe("Trainer image"),
      secretRef: Source.shape.secretRef
        .optional()
        .describe("Secret whose key holds DATABASE_URL; absent for a restore"),
      storage: Storage.pick({ claimName: true, subPath: true }).optional().describe("Where the versions are"),
      job: Job.omit({ image: true }).optional().describe("Resources, deadlines and retries"),
      recheck: Checks.shape.recheck
        .optional()
        .describe("How often and how long aborted data are looked at again; absent when they are not"),
      ttlSecondsAfterFinished: z
        .int()
        .min(0)
        .max(31536000)
        .optional()
        .describe("Delete the run so long after its end"),
      input: z.unknown().describe("The trainer's whole input"),
      inputHash: z.string().max(64).describe("sha256 of the input, in hex"),
    })
    .loose()
    .optional()
    .describe("Model, period, image, storage and the trainer's input, frozen when the run was accepted"),
  conditions: z.array(Condition).max(8).optional().describe("Where the run stands"),
  verdict: z.enum(Verdict).optional().describe("How the run ended; never changes once set"),
  reason: z.string().max(128).optional().describe("Why, as one word"),
  message: z.string().max(4096).optional().describe("Why, as a sentence: what was found and what to do"),
  attempts: z.array(Attempt).max(10).optional().describe("The last ten attempts"),
  failures: z
    .object({
      counted: z.int().min(0).describe("Failed attempts that count against job.retries"),
      disruptions: z
        .int()
        .min(0)
        .describe("Attempts that a drain, an eviction or a preemption ended; the first five do not count"),
    })
    .optional()
    .describe("How many attempts have failed; attempts has only the last ten"),
  aborted: z
    .object({
      since: Time.describe("When they were refused first; checks.recheck.forDays count from here"),
      job: z.string().max(63).describe("Job of the last attempt that refused them"),
    })
    .optional()
    .describe("The data were refused and are read again later"),
  startTime: Time.optional().describe(
    "When the first attempt started; from then on the spec is fixed but for cancel",
  ),
  completionTime: Time.optional().describe("When the verdict was reached"),
  progress: z
    .object({
      stage: z.string().max(32).describe("Stage of the trainer, e.g. search"),
      percent: z.int().min(0).max(100).describe("Part of the stage that is done"),
      etaSeconds: z.int().min(0).optional().describe("Seconds until the stage is done"),
    })
    .optional()
    .describe("How far the trainer is"),
  data: z
    .object({
      rows: z.int().describe("Training rows"),
      stations: z.int().describe("Stations with training rows"),
      dataThrough: z.iso.date().optional().describe("Last day with a training row"),
      readings: z
        .object({
          bikeCount: Count.describe("Rows of the readings' table"),
          weather: Count.describe("Rows of the weather's table"),
          countersInfo: Count.describe("Rows of the stations' table"),
        })
        .optional()
        .describe("Rows that were read of each table"),
      missing: z
        .object({
          bikeCount: DecimalText.describe("Counts that were null or negative"),
          weather: DecimalText.describe("Station-days without weather"),
        })
        .partial()
        .optional()
        .describe("Unusable shares of the sources, 0 to 1"),
    })
    .optional()
    .describe("What the run trained on"),
  metrics: z
    .object({
      mae: DecimalText.describe("Mean absolute error of the candidate, counts a day"),
      championMae: DecimalText.describe("The champion's on the same rows; absent without a champion"),
      maeDeltaPercent: DecimalText.describe(
        "mae against championMae in percent, e.g. -3.2; negative is better",
      ),
      naiveMae: DecimalText.describe("That of mean(lag_1, lag_7) on the same rows"),
      rmse: DecimalText.describe("Root mean squared error of the candidate, counts a day"),
      championRmse: DecimalText.describe("The champion's on the same rows"),
      naiveRmse: DecimalText.describe("That of mean(lag_1, lag_7) on the same rows"),
      wapePercent: DecimalText.describe("Sum of absolute errors over sum of counts"),
      championWapePercent: DecimalText.describe("The champion's on the same rows"),
      naiveWapePercent: DecimalText.describe("That of mean(lag_1, lag_7) on the same rows"),
    })
    .partial()
    .optional()
    .describe("What the candidate was judged by"),
  stages: z
    .array(
      z.object({
        name: z.string().max(32).describe("Stage of the trainer, e.g. search"),
        seconds: DecimalText.describe("How long it took"),
      }),
    )
    .max(16)
    .optional()
    .describe("The stages that the run completed, in their order"),
  failedChecks: z
    .array(
      z.object({
        name: z.string().max(32).describe("Check of the data gate, e.g. rows"),
        severity: z.enum(["error", "warning"]).describe("error: the run is aborted"),
      }),
    )
    .max(16)
    .optional()
    .describe("The first checks that failed; empty when none did, absent when none was made"),
  version: z.string().max(80).optional().describe("The version that this run published or restored"),
  codeRevision: z.string().max(64).optional().describe("Source revision of the trainer"),
  nextRetryTime: Time.optional().describe("Earliest time of the next attempt"),
});
export type RetrainRunStatus = z.infer<typeof RetrainRunStatus>;
