import type { StageName } from "../../contract/stages.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import type { Log } from "../log.ts";
import type { ProgressMeter } from "../progress.ts";
import type { ModelDirectory } from "../publish/directory.ts";

type Parts = Pick<
  TrainerReport,
  | "data"
  | "training"
  | "evaluation"
  | "evaluationSkipped"
  | "backtest"
  | "backtestSkipped"
  | "gate"
  | "restored"
  | "version"
  | "current"
  | "bytesPerReading"
>;

/** What a run has found out so far: a run that is stopped or fails reports this much. */
export interface Draft extends Parts {
  checks: TrainerReport["checks"];
  stages: TrainerReport["stages"];
  recipeFingerprint?: string;
  libraryVersion?: string;
  /** From the first visible change of the volume on, a request to stop comes too late. */
  publishing: boolean;
  /** Where the reports of all runs are kept, once the model's directory is open. */
  volume?: ModelDirectory;
  /** The version's report.html, which was made before its commit. */
  page?: string;
  /** Files of a rejected candidate, kept beside its report. */
  kept?: ReadonlyMap<string, string | Uint8Array>;
}

export const newDraft = (): Draft => ({ checks: [], stages: [], publishing: false });

export type StageCounts = Pick<TrainerReport["stages"][number], "rows" | "rounds">;

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** Runs stages one after the other, times them and says so in the log. */
export class StageRecorder {
  readonly #draft: Draft;
  readonly #log: Log;
  readonly #meter: ProgressMeter;
  readonly #seconds: () => number;

  constructor(draft: Draft, log: Log, meter: ProgressMeter, seconds: () => number) {
    this.#draft = draft;
    this.#log = log;
    this.#meter = meter;
    this.#seconds = seconds;
  }

  /** `countsOf` tells from the result how many rows the stage handled and rounds it trained, where that says something. */
  async run<T>(
    name: StageName,
    work: () => Promise<T> | T,
    countsOf: (result: T) => StageCounts = () => ({}),
  ): Promise<T> {
    const startedAt = this.#seconds();
    this.#meter.start(name);
    try {
      const result = await work();
      this.#record(name, this.#seconds() - startedAt, countsOf(result));
      return result;
    } finally {
      this.#meter.end();
    }
  }

  #record(name: StageName, elapsed: number, counted: StageCounts): void {
    const seconds = Math.round(elapsed * 1000) / 1000;
    this.#draft.stages.push({ name, seconds, ...counted });
    this.#log.info(`${name} done`, {
      stage: name,
      seconds,
      ...counted,
      memoryMiB: mebibytes(process.memoryUsage.rss()),
    });
  }
}
