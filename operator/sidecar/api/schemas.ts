import { z } from "zod";

import { Force, Restore, Trigger } from "../../../contract/retrain-run.ts";
import { ModelName, Period } from "../../../contract/spec/words.ts";
import { Verdict } from "../../../contract/verdicts.ts";

const Time = z.iso.datetime();
const RunName = z.string().max(253).describe("Name of the RetrainRun");
const Version = z.string().max(80);

/** Where a run stands, as one word for people and pages. */
export const Phase = z
  .enum(["Refused", "Suspended", "Queued", "Pending", "Running", "Waiting", "Cancelling", "Finished"])
  .describe(
    "Refused: the spec must be mended; Queued: its turn has not come; Pending: its Pod does not run yet; Waiting: for the next attempt; Finished: it has a verdict",
  );
export type Phase = z.infer<typeof Phase>;

export const Progress = z.object({
  stage: z.string().describe("Stage of the trainer, e.g. search"),
  percent: z.int().min(0).max(100).describe("Part of the stage that is done"),
  etaSeconds: z.int().min(0).optional().describe("Seconds until the stage is done"),
});

export const Metrics = z
  .object({
    mae: z.number().describe("Mean absolute error of the candidate, counts a day"),
    championMae: z.number().describe("The champion's on the same rows; absent without a champion"),
    maeDeltaPercent: z.number().describe("mae against championMae in percent; negative is better"),
    naiveMae: z.number().describe("That of mean(lag_1, lag_7) on the same rows"),
    rmse: z.number().describe("Root mean squared error of the candidate, counts a day"),
    wapePercent: z.number().describe("Sum of absolute errors over sum of counts"),
  })
  .partial();
export type Metrics = z.infer<typeof Metrics>;

export const Data = z.object({
  rows: z.int().describe("Training rows"),
  stations: z.int().describe("Stations with training rows"),
  dataThrough: z.iso.date().optional().describe("Last day with a training row"),
});

const summary = {
  name: RunName,
  uid: z.string(),
  resourceVersion: z.string().describe("Changes with every change of the run"),
  model: z.string(),
  period: Period.optional(),
  trigger: Trigger.describe("What created the run"),
  requestedBy: z.string().optional().describe("Who asked"),
  requestReason: z.string().optional().describe("Why it was asked for"),
  createdAt: Time,
  startTime: Time.optional().describe("When the first attempt started"),
  completionTime: Time.optional().describe("When the verdict was reached"),
  phase: Phase,
  active: z.boolean().describe("It has no verdict and is not suspended: another run has to wait for it"),
  verdict: z.enum(Verdict).optional().describe("How the run ended"),
  reason: z.string().optional().describe("Why it ended so, or why it stands where it stands, as one word"),
  message: z.string().optional().describe("The same as a sentence"),
  dryRun: z.boolean().describe("Everything is done except publishing"),
  forced: z.boolean().describe("A rejected candidate is published all the same"),
  restores: Version.optional().describe("The version that the run makes current again"),
  cancelRequested: z.boolean().describe("It was asked to stop"),
  progress: Progress.optional().describe("How far the trainer is"),
  data: Data.optional().describe("What the run trained on"),
  metrics: Metrics.optional().describe("What the candidate was judged by"),
  version: Version.optional().describe("The version that the run published or restored"),
};

/** A run in a list. */
export const RunSummary = z.object(summary).meta({ id: "RunSummary" });
export type RunSummary = z.infer<typeof RunSummary>;

export const AttemptView = z.object({
  job: z.string().describe("Name of the Job"),
  startedAt: Time,
  finishedAt: Time.optional(),
  exitCode: z.int().optional().describe("Exit code of the trainer; absent when its container never ended"),
  reason: z.string().optional().describe("Why the attempt ended, as one word"),
});

/** Where the files of a run are on the models' volume. */
export const ReportPlace = z.object({
  claimName: z.string().describe("PersistentVolumeClaim that holds the models"),
  path: z.string().describe("The report's path on it"),
});

/** One run with everything that is told about it. */
export const RunView = z
  .object({
    ...summary,
    attempts: z.array(AttemptView).describe("The last ten attempts"),
    nextRetryTime: Time.optional().describe("Earliest time of the next attempt"),
    force: Force.optional(),
    restore: Restore.optional(),
    suspend: z.boolean().describe("It is held until spec.suspend is taken away, if it has not started"),
    report: ReportPlace.optional().describe("The report of the version that the run published"),
    links: z
      .object({ self: z.string(), events: z.string(), logs: z.string(), cancel: z.string() })
      .describe("Paths of this API"),
  })
  .meta({ id: "Run" });
export type RunView = z.infer<typeof RunView>;

export const CurrentVersion = z.object({
  version: Version,
  since: Time.describe("When it became current"),
  run: RunName.describe("The run that made it current"),
  restored: z.boolean().describe("An older version that was made current again"),
  dataThrough: z.iso.date().optional().describe("Last day with a training row"),
  metrics: Metrics.optional().describe("What it was judged by when it was published"),
  improvementPercent: z
    .number()
    .optional()
    .describe("How much smaller its error is than that of the naive forecast; negative is worse"),
});
export type CurrentVersion = z.infer<typeof CurrentVersion>;

/** What is known about a model from its runs: what they have told, and not what lies on the volume. */
export const ModelView = z
  .object({
    model: ModelName,
    configured: z.boolean().describe("The configuration has it; others are only known from their runs"),
    isDefault: z.boolean().describe("A run that names no model is of this one"),
    schedule: z.string().optional().describe("When runs are created, as cron writes it"),
    timeZone: z.string().optional().describe("Time zone of the schedule"),
    suspended: z.boolean().describe("No runs are created by schedule"),
    nextRunTime: Time.optional().describe("When the schedule creates the next run"),
    current: CurrentVersion.optional().describe("The version that readers are served"),
    hold: z
      .object({ run: RunName, version: Version, reason: z.string() })
      .optional()
      .describe("The newest restore asked to keep its version; a release on the volume is not seen here"),
    active: RunSummary.optional().describe("The run that is under way or comes next"),
    queued: z.int().min(0).describe("Further runs that have not ended"),
    last: RunSummary.optional().describe("The run that ended last"),
  })
  .meta({ id: "Model" });
export type ModelView = z.infer<typeof ModelView>;
