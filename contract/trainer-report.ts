import { z } from "zod";

import { checkNames, type CheckName } from "./checks.ts";
import { gateRuleNames, type GateRuleName } from "./gate-rules.ts";
import { Hold } from "./published.ts";
import { stageNames } from "./stages.ts";
import { Verdict } from "./verdicts.ts";

const Count = z.int().min(0);

/** What each step of the cleaning dropped, in its order; station-days once hours have been summed. */
export const Waterfall = z.object({
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

const Table = z.object({
  granularity: z.enum(["daily", "hourly"]),
  /** Share of days (station-days for counts) with two distinct times or more. */
  multipleTimesShare: z.number(),
});

export const DataReport = z.object({
  asOf: z.iso.datetime(),
  timeZone: z.string(),
  since: z.iso.date().optional(),
  until: z.iso.date(),
  dataThrough: z.iso.date().optional().describe("Last day with a training row"),
  firstDay: z.iso.date().optional().describe("First day with a count; its weather may be unknown"),
  rows: Count,
  stations: Count,
  readings: z.object({ bikeCount: Count, weather: Count, countersInfo: Count }),
  /** Readings before since, read for lags only and not part of the waterfall. */
  lagOnlyReadings: Count,
  /** Readings that were folded into their station-day's sum; 0 for daily tables. */
  summed: Count,
  tables: z.object({ bikeCount: Table, weather: Table }),
  excluded: z.array(z.object({ why: z.string(), stationDays: Count })),
  waterfall: Waterfall,
  fingerprint: z.string().optional().describe("sha256 over the cleaned training table"),
});
export type DataReport = z.infer<typeof DataReport>;

export const CheckResult = z.object({
  name: z.enum(checkNames as [CheckName, ...CheckName[]]),
  severity: z.enum(["error", "warning"]),
  passed: z.boolean(),
  value: z.union([z.number(), z.string()]),
  limit: z.union([z.number(), z.string()]),
  message: z.string().describe("One sentence: the value found, what was expected, what to do"),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const Parameters = z.object({
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

export const TrainingReport = z.object({
  grid: z.array(GridRow).describe("Every candidate, best first"),
  winner: Parameters,
  tie: z
    .string()
    .optional()
    .describe("One sentence where the champion's parameters won, though another mean was a little lower"),
  folds: z.array(
    z.object({ trainRows: Count, validRows: Count, validFrom: z.iso.date(), validTo: z.iso.date() }),
  ),
  seed: z.int(),
  threads: z.int(),
  gridRounds: Count.describe("Boosting rounds that the search trained"),
  kernelSeconds: z.number().describe("Seconds inside the library's update calls, summed over threads"),
  finalRmse: z.number().optional().describe("RMSE of the final model on its own training rows"),
  importance: z
    .array(z.object({ feature: z.string(), gain: z.number() }))
    .optional()
    .describe("Mean loss reduction of a feature's splits in the final model, highest first"),
  recent: z
    .object({ from: z.iso.date(), to: z.iso.date(), n: Count, mae: z.number() })
    .optional()
    .describe("Error of the final model on the newest days that it was trained on, for later comparison"),
  libraryVersion: z.string(),
});
export type TrainingReport = z.infer<typeof TrainingReport>;

export const Metrics = z.object({
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

/** One model and those it is compared with, on the same rows; `champion` where there is one. */
const Compared = {
  candidate: Metrics,
  champion: Metrics.optional(),
  naive: Metrics.describe("mean(lag_1, lag_7)"),
};

export const StationError = z.object({
  station: z.string(),
  name: z.string().optional(),
  days: Count.describe("Days of the window with a row"),
  ...Compared,
});
export type StationError = z.infer<typeof StationError>;

export const MonthError = z.object({
  month: z.string().describe("yyyy-mm; the first and the last may be cut by the window"),
  ...Compared,
});
export type MonthError = z.infer<typeof MonthError>;

/** Counts and served predictions of one station over the window; arrays of the length of `days`. */
export const StationSeries = z.object({
  station: z.string(),
  name: z.string().optional(),
  shownAs: z.enum(["worst", "biggest"]).describe("By MAE, or by mean count"),
  days: z.array(z.iso.date()),
  actual: z.array(z.number()),
  candidate: z.array(z.number()),
  champion: z.array(z.number()).optional(),
});
export type StationSeries = z.infer<typeof StationSeries>;

/** A model with the run's procedure, trained only on rows before the window, against the champion and forecasts without a model. */
export const Evaluation = z.object({
  window: z.object({ from: z.iso.date(), to: z.iso.date(), days: Count, rows: Count }),
  trainedRows: Count,
  parameters: Parameters,
  parametersFrom: z.string().describe("Which folds chose the parameters"),
  ...Compared,
  lastWeek: Metrics.describe("lag_7"),
  skillPercent: z.number().describe("How much lower the candidate's MAE is than the naive one's"),
  difference: z
    .object({ mae: z.number(), low: z.number(), high: z.number() })
    .optional()
    .describe(
      "Candidate's MAE minus the champion's, and its 95 % interval by a bootstrap of days; informative",
    ),
  unknownStations: z
    .object({ stations: Count, naive: Metrics })
    .optional()
    .describe(
      "Stations that candidate or champion have no number for: served by mean(lag_1, lag_7), not judged",
    ),
  unjudged: z.object({
    servedLags: Metrics.optional().describe(
      "Candidate on all counted days, missing lags replaced by the newest earlier count as a service would",
    ),
    previousDayWeather: Metrics.optional().describe(
      "Candidate with the weather of the day before: a bound on what a forecast's error may cost",
    ),
  }),
  months: z.array(MonthError),
  stations: z.array(StationError).describe("Worst MAE first"),
  series: z.array(StationSeries),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** One earlier window: the procedure, trained on all rows before it. */
export const BacktestWindow = z.object({
  window: z.object({ from: z.iso.date(), to: z.iso.date(), days: Count, rows: Count }),
  trainedRows: Count,
  parameters: Parameters,
  parametersFrom: z.string(),
  candidate: Metrics,
  championRecipe: Metrics.optional().describe("The champion's parameters, retrained on the same rows"),
  naive: Metrics,
  skillPercent: z.number(),
});
export type BacktestWindow = z.infer<typeof BacktestWindow>;

export const GateRule = z.object({
  name: z.enum(gateRuleNames as [GateRuleName, ...GateRuleName[]]),
  passed: z.boolean(),
  value: z.number(),
  limit: z.number(),
  unit: z.enum(["%", "counts"]),
  message: z.string().describe("One sentence: the value found, what was expected, what to do"),
});
export type GateRule = z.infer<typeof GateRule>;

export const GateReport = z.object({
  mode: z.enum(["Enforce", "Warn", "Off"]),
  passed: z.boolean(),
  decidedBy: z
    .enum(["window", "backtest", "skill", "nothing"])
    .describe("What candidate and champion were compared on; nothing when history is too short to judge"),
  why: z.string().describe("One sentence: what was compared, and why there"),
  rules: z.array(GateRule),
  champion: z
    .object({
      version: z.string(),
      dataThrough: z.iso.date(),
      rows: Count,
      stations: Count,
      parameters: Parameters,
    })
    .optional(),
});
export type GateReport = z.infer<typeof GateReport>;

export const Stage = z.object({
  name: z.enum(stageNames),
  seconds: z.number(),
  rows: Count.optional(),
  rounds: Count.optional().describe("Boosting rounds that the stage trained"),
});
export type Stage = z.infer<typeof Stage>;

/** Everything one run has to say; `--json FILE` writes it, the version keeps it in parts. */
export const TrainerReport = z.object({
  schemaVersion: z.literal(1),
  runUid: z.string(),
  model: z.string(),
  trigger: z.string(),
  period: z.string().optional(),
  requestedBy: z.string().optional(),
  forceReason: z.string().optional(),
  verdict: z.enum(Verdict),
  reason: z.string(),
  message: z.string(),
  exitCode: z.int(),
  version: z.string().optional().describe("The version that this run published"),
  current: z.object({ version: z.string(), runUid: z.string() }).optional(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  data: DataReport.optional(),
  checks: z.array(CheckResult),
  training: TrainingReport.optional(),
  evaluation: Evaluation.optional(),
  evaluationSkipped: z.string().optional().describe("Why no evaluation was made"),
  backtest: z.array(BacktestWindow).optional().describe("Newest window first"),
  backtestSkipped: z.array(z.string()).optional().describe("Windows that were left out, and why"),
  gate: GateReport.optional(),
  restored: z
    .object({ version: z.string(), from: z.string().nullable(), hold: Hold.optional() })
    .optional()
    .describe("What a restore made current, and instead of which version"),
  stages: z.array(Stage),
  peakMemoryBytes: Count,
  bytesPerReading: z.number().optional().describe("Peak memory above the process's start, over the readings"),
  lineage: z.object({
    codeRevision: z.string().optional(),
    image: z.string().optional(),
    node: z.string(),
    library: z.string().optional(),
    recipeFingerprint: z.string().optional(),
  }),
});
export type TrainerReport = z.infer<typeof TrainerReport>;
