import type { TrainerInput } from "../contract/trainer-input.ts";
import type { TrainerReport } from "../contract/trainer-report.ts";
import type { TrainerConfig } from "./config.ts";
import type { Log } from "./log.ts";
import type { ProgressMeter } from "./progress.ts";
import type { Draft, StageRecorder } from "./report/draft.ts";
import type { RunSpan } from "./span.ts";

/** What every stage may use of the process around it. */
export interface Run {
  readonly input: TrainerInput;
  readonly config: TrainerConfig;
  readonly span: RunSpan;
  readonly threads: number;
  readonly libraryPath: string;
  /** The container's limit, undefined where there is none. */
  readonly memoryLimitBytes: number | undefined;
  readonly draft: Draft;
  readonly stages: StageRecorder;
  readonly meter: ProgressMeter;
  readonly log: Log;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  /** The report as it would be if the run ended now. */
  readonly reportSoFar: () => TrainerReport;
}
