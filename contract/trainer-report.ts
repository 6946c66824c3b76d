import { z } from "zod";

import { checkNames, type CheckName } from "./checks.ts";
import { stageNames } from "./stages.ts";
import { Verdict } from "./verdicts.ts";

const Count = z.int().min(0);

/** What each step of the cleaning dropped, in its order; station-days once hours have been summed. */
export const Waterfall = z.strictObject({
  bike_count: Count.describe("Readings of the span"),
  null_or_negative: Count,
  duplicate: Count,
  partial_day: Count.describe("Readings of station-days with fewer than 20 hours; hourly tables only"),
  blacklisted: Count,
  excluded: Count,
  no_weather: Count,
  no_lag: Count,
  training_rows: Count,
});
export type Waterfall = z.infer<typeof Waterfall>;

const Table = z.strictObject({
  granularity: z.enum(["daily", "hourly"]),
  /** Share of days (station-days for counts) with two distinct times or more. */
  multipleTimesShare: z.number(),
});

export const DataReport = z.strictObject({
  asOf: z.iso.datetime(),
  timeZone: z.string(),
  since: z.iso.date().optional(),
  until: z.iso.date(),
  dataThrough: z.iso.date().optional().describe("Last day with a training row"),
  firstDay: z.iso.date().optional(),
  rows: Count,
  stations: Count,
  readings: z.strictObject({ bikeCount: Count, weather: Count, countersInfo: Count }),
  /** Readings before since, read for lags only and not part of the waterfall. */
  lagOnlyReadings: Count,
  /** Readings that were folded into their station-day's sum; 0 for daily tables. */
  summed: Count,
  tables: z.strictObject({ bikeCount: Table, weather: Table }),
  excluded: z.array(z.strictObject({ why: z.string(), stationDays: Count })),
  waterfall: Waterfall,
  fingerprint: z.string().optional().describe("sha256 over the cleaned training table"),
});
export type DataReport = z.infer<typeof DataReport>;

export const CheckResult = z.strictObject({
  name: z.enum(checkNames as [CheckName, ...CheckName[]]),
  severity: z.enum(["error", "warning"]),
  passed: z.boolean(),
  value: z.union([z.number(), z.string()]),
  limit: z.union([z.number(), z.string()]),
  message: z.string().describe("One sentence: the value found, what was expected, what to do"),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const Parameters = z.strictObject({
  maxDepth: z.int(),
  learningRate: z.number(),
  rounds: z.int(),
});
export type Parameters = z.infer<typeof Parameters>;

export const GridRow = Parameters.extend({
  meanRmse: z.number().describe("Mean over the folds of the RMSE of raw predictions, counts a day"),
  foldRmse: z.array(z.number()),
});
export type GridRow = z.infer<typeof GridRow>;

export const TrainingReport = z.strictObject({
  grid: z.array(GridRow).describe("Every candidate, best first"),
  winner: Parameters,
  folds: z.array(
    z.strictObject({ trainRows: Count, validRows: Count, validFrom: z.iso.date(), validTo: z.iso.date() }),
  ),
  seed: z.int(),
  threads: z.int(),
  gridRounds: Count.describe("Boosting rounds that the search trained"),
  kernelSeconds: z.number().describe("Seconds inside the library's update calls, summed over threads"),
  finalRmse: z.number().optional().describe("RMSE of the final model on its own training rows"),
  libraryVersion: z.string(),
});
export type TrainingReport = z.infer<typeof TrainingReport>;

export const Metrics = z.strictObject({
  n: Count,
  mae: z.number().describe("Mean absolute error of served predictions, counts a day"),
  rmse: z.number(),
  wapePercent: z
    .number()
    .nullable()
    .describe("Sum of absolute errors over sum of counts; null when all are 0"),
  r2: z.number().nullable(),
  bias: z.number().describe("Mean of prediction minus count"),
});
export type Metrics = z.infer<typeof Metrics>;

export const StationError = z.strictObject({
  station: z.string(),
  name: z.string().optional(),
  candidate: Metrics,
  naive: Metrics,
});
export type StationError = z.infer<typeof StationError>;

/** A model with the run's procedure, trained only on rows before the window, against forecasts without a model. */
export const Evaluation = z.strictObject({
  window: z.strictObject({ from: z.iso.date(), to: z.iso.date(), rows: Count }),
  trainedRows: Count,
  parameters: Parameters,
  parametersFrom: z.string().describe("Which folds chose the parameters"),
  candidate: Metrics,
  naive: Metrics.describe("mean(lag_1, lag_7)"),
  lastWeek: Metrics.describe("lag_7"),
  skillPercent: z.number().describe("How much lower the candidate's MAE is than the naive one's"),
  stations: z.array(StationError).describe("Worst MAE first"),
});
export type Evaluation = z.infer<typeof Evaluation>;

export const Stage = z.strictObject({
  name: z.enum(stageNames),
  seconds: z.number(),
  rows: Count.optional(),
});
export type Stage = z.infer<typeof Stage>;

/** Everything one run has to say; `--json FILE` writes it, the version keeps it in parts. */
export const TrainerReport = z.strictObject({
  schemaVersion: z.literal(1),
  runUid: z.string(),
  model: z.string(),
  trigger: z.string(),
  requestedBy: z.string().optional(),
  forceReason: z.string().optional(),
  verdict: z.enum(Verdict),
  reason: z.string(),
  message: z.string(),
  exitCode: z.int(),
  version: z.string().optional().describe("The version that this run published"),
  current: z.strictObject({ version: z.string(), runUid: z.string() }).optional(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  data: DataReport.optional(),
  checks: z.array(CheckResult),
  training: TrainingReport.optional(),
  evaluation: Evaluation.optional(),
  evaluationSkipped: z.string().optional().describe("Why no evaluation was made"),
  stages: z.array(Stage),
  peakMemoryBytes: Count,
  bytesPerReading: z.number().optional().describe("Peak memory above the process's start, over the readings"),
  lineage: z.strictObject({
    codeRevision: z.string().optional(),
    image: z.string().optional(),
    node: z.string(),
    library: z.string().optional(),
    recipeFingerprint: z.string().optional(),
  }),
});
export type TrainerReport = z.infer<typeof TrainerReport>;
