import { writeFileSync } from "node:fs";

import type { TrainerInput } from "../contract/trainer-input.ts";
import type { TrainerReport } from "../contract/trainer-report.ts";
import type { TrainerConfig } from "./config.ts";
import { RunFailure } from "./errors.ts";
import type { Log } from "./log.ts";
import { retrain } from "./pipeline.ts";
import { ProgressMeter, type ProgressDisplay } from "./progress.ts";
import { renderPage } from "./page/render.ts";
import { newDraft, StageRecorder, type Draft } from "./report/draft.ts";
import type { Outcome } from "./report/ending.ts";
import { keepReport } from "./report/keep.ts";
import { reportOf } from "./report/report.ts";
import { writeTerminationMessage } from "./report/termination.ts";
import type { Run } from "./run.ts";
import { runSpan } from "./span.ts";
import { returnFreedMemory } from "./xgboost/allocator.ts";
import { findLibrary } from "./xgboost/library.ts";

/** What a run takes from the machine; a test may give its own. */
export interface Machine {
  readonly clock: () => Date;
  /** Monotonic. */
  readonly seconds: () => number;
  readonly threads: number;
  readonly memoryLimitBytes: number | undefined;
  readonly peakMemoryBytes: () => number;
}

export interface Execution {
  readonly input: TrainerInput;
  readonly config: TrainerConfig;
  readonly machine: Machine;
  readonly log: Log;
  readonly display: ProgressDisplay;
  /** Aborted when the process is told to stop. */
  readonly signal: AbortSignal;
}

/**
 * Carries out one run and reports it, whatever happens. When told to stop, the report is written at once and the
 * cleaning up follows; from the commit on, a stop comes too late and the run ends as Published.
 */
export async function execute(execution: Execution): Promise<TrainerReport> {
  const { machine, signal, log } = execution;
  const draft = newDraft();
  const startedAt = machine.clock();
  const memoryAtStart = machine.peakMemoryBytes();
  const report = (outcome: Outcome): TrainerReport =>
    reportOf(outcome, draft, {
      input: execution.input,
      config: execution.config,
      startedAt,
      finishedAt: machine.clock(),
      peakMemoryBytes: machine.peakMemoryBytes(),
    });

  const page = (of: TrainerReport): Promise<string | undefined> => pageOf(of, execution);
  await using resources = new AsyncDisposableStack();
  const work = Promise.try(() => retrain(prepare(execution, { draft, report, page, resources })));
  const outcome = await Promise.race([work, stopOf(signal, draft)]).catch((error: unknown) =>
    failed(error, draft, signal),
  );
  measureReadings(draft, machine.peakMemoryBytes() - memoryAtStart);
  const final = report(outcome);
  writeReports(execution, final);
  await work.catch((error: unknown) => {
    log.debug("The run has ended", { error: String(error) }); // Its outcome is reported already.
  });
  await keepReport({ draft, log, page, startedAt }, final);
  return final;
}

interface Reporting {
  readonly draft: Draft;
  readonly report: (outcome: Outcome) => TrainerReport;
  readonly page: Run["page"];
  readonly resources: AsyncDisposableStack;
}

function prepare(execution: Execution, { draft, report, page, resources }: Reporting): Run {
  const { input, config, machine, log, display, signal } = execution;
  const { clock, seconds, memoryLimitBytes } = machine;
  const meter = new ProgressMeter(display, seconds);
  let library: string | undefined;
  return {
    input,
    config,
    span: runSpan(input.source, clock()),
    threads: input.training.threads ?? machine.threads,
    libraryPath: () => (library ??= libraryPath(execution)),
    memoryLimitBytes,
    draft,
    stages: new StageRecorder(draft, log, meter, seconds),
    meter,
    log,
    clock,
    signal,
    reportSoFar: report,
    page,
    resources,
  };
}

function libraryPath({ config, log }: Execution): string {
  const library = findLibrary({ explicit: config.xgboostLibrary, cacheDir: config.cacheDir });
  if (library.passedOver.length > 0) log.warn(`Passed over ${library.passedOver.join(", ")}`);
  log.info(`Using ${library.path}`, { library: library.source, returnsMemory: returnFreedMemory() });
  return library.path;
}

/** A run that was told to stop has no time for a page, and one without a page is still a run. */
async function pageOf(report: TrainerReport, { log, signal }: Execution): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  try {
    return await renderPage(report, { signal });
  } catch (error) {
    log.warn(`There is no report.html: ${String(error)}`);
    return undefined;
  }
}

/** Rejects when the run is told to stop while it still can. */
function stopOf(signal: AbortSignal, draft: Draft): Promise<never> {
  const stop = Promise.withResolvers<never>();
  const reject = (): void => {
    if (!draft.publishing)
      stop.reject(new RunFailure("Terminated", "Stopped on request; the current version was not touched"));
  };
  signal.addEventListener("abort", reject, { once: true });
  if (signal.aborted) reject();
  return stop.promise;
}

function failed(error: unknown, draft: Draft, signal: AbortSignal): Outcome {
  if (error instanceof RunFailure) return { kind: "failed", failure: error };
  if (signal.aborted && !draft.publishing) {
    return { kind: "failed", failure: new RunFailure("Terminated", "Stopped on request", { cause: error }) };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    kind: "failed",
    failure: new RunFailure("Bug", `A bug in the trainer: ${message}`, { cause: error }),
  };
}

function measureReadings(draft: Draft, bytes: number): void {
  const readings = draft.data?.readings.bikeCount ?? 0;
  if (readings > 0) draft.bytesPerReading = Math.round((10 * bytes) / readings) / 10;
}

/** A report that cannot be written does not change how the run ended: it is said in the log. */
function writeReports({ config, log }: Execution, report: TrainerReport): void {
  const say = report.exitCode === 0 ? log.info : log.error;
  say(report.message, { verdict: report.verdict, reason: report.reason, exitCode: report.exitCode });
  const { terminationLog, reportFile } = config;
  const writers = [
    ...(terminationLog === undefined
      ? []
      : [
          () => {
            writeTerminationMessage(terminationLog, report);
          },
        ]),
    ...(reportFile === undefined
      ? []
      : [
          () => {
            writeFileSync(reportFile, `${JSON.stringify(report, null, 1)}\n`);
          },
        ]),
  ];
  for (const write of writers) {
    try {
      write();
    } catch (error) {
      log.error(`Cannot write the report: ${String(error)}`);
    }
  }
}
