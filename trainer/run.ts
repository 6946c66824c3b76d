import type { TrainerInput } from "../contract/trainer-input.ts";
import type { TrainerReport } from "../contract/trainer-report.ts";
import type { TrainerConfig } from "./config.ts";
import type { Log } from "./log.ts";
import type { ProgressMeter } from "./progress.ts";
import type { Draft, StageRecorder } from "./report/draft.ts";
import type { Outcome } from "./report/ending.ts";
import type { RunSpan } from "./span.ts";

/** What every stage may use of the process around it. */
export interface Run {
  readonly input: TrainerInput;
  readonly config: TrainerConfig;
  readonly span: RunSpan;
  readonly threads: number;
  /** Finds libxgboost; throws RunFailure LibraryMissing. A restore never asks. */
  readonly libraryPath: () => string;
  /** The container's limit, undefined where there is none. */
  readonly memoryLimitBytes: number | undefined;
  readonly draft: Draft;
  readonly stages: StageRecorder;
  readonly meter: ProgressMeter;
  readonly log: Log;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  /** What is given back when the run's report is kept, such as the model's lock. */
  readonly resources: AsyncDisposableStack;
  /** The report as it would be if the run ended now, in this way. */
  readonly reportSoFar: (outcome: Outcome) => TrainerReport;
  /** Makes report.html of a report; undefined, and a warning in the log, when that fails. */
  readonly page: (report: TrainerReport) => Promise<string | undefined>;
}
