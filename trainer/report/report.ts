import { failureReasons, Reason } from "../../contract/reasons.ts";
import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import { Verdict } from "../../contract/verdicts.ts";
import type { TrainerConfig } from "../config.ts";
import type { RunFailure } from "../errors.ts";
import { given } from "../../contract/given.ts";
import type { Draft } from "./draft.ts";

/** How a run ended; the compiler finds the missing case. */
export type Outcome =
  | { readonly kind: "published"; readonly version: string; readonly unfinished: RunFailure | undefined }
  | { readonly kind: "dry-run" }
  | { readonly kind: "aborted"; readonly reason: string; readonly message: string }
  | { readonly kind: "failed"; readonly failure: RunFailure };

type Ending = Pick<TrainerReport, "verdict" | "reason" | "message" | "exitCode">;

/** Verdict, reason, sentence and exit code of an outcome. */
export function endingOf(outcome: Outcome, draft: Draft): Ending {
  switch (outcome.kind) {
    case "published":
      return {
        verdict: Verdict.Published,
        reason: Reason.NewVersion,
        message: [`Version ${outcome.version} is current: ${trainedOn(draft)}`, outcome.unfinished?.message]
          .filter((part) => part !== undefined)
          .join(". "),
        exitCode: 0,
      };
    case "dry-run":
      return {
        verdict: Verdict.DryRun,
        reason: Reason.DryRunRequested,
        message: `Nothing was published, as asked: ${trainedOn(draft)}`,
        exitCode: 0,
      };
    case "aborted":
      return { verdict: Verdict.Aborted, reason: outcome.reason, message: outcome.message, exitCode: 0 };
    case "failed":
      return failedEnding(outcome.failure);
    default:
      return outcome satisfies never;
  }
}

const failedEnding = (failure: RunFailure): Ending => ({
  verdict: failure.reason === "Terminated" ? Verdict.Cancelled : Verdict.Failed,
  reason: failure.reason,
  message: failure.message,
  exitCode: failureReasons[failure.reason],
});

function trainedOn({ data, evaluation }: Draft): string {
  const rows = `trained on ${String(data?.rows ?? 0)} rows of ${String(data?.stations ?? 0)} stations through ${data?.dataThrough ?? "no day"}`;
  if (evaluation === undefined) return rows;
  const { candidate, naive, window } = evaluation;
  return `${rows}; MAE ${candidate.mae.toFixed(1)} against ${naive.mae.toFixed(1)} of mean(lag_1, lag_7) from ${window.from} to ${window.to}`;
}

/** Who ran, when, where: what a report says beside the run's findings. */
export interface ReportFrame {
  readonly input: TrainerInput;
  readonly config: Pick<TrainerConfig, "codeRevision" | "image">;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly peakMemoryBytes: number;
}

/** The whole report of a run. */
export function reportOf(outcome: Outcome, draft: Draft, frame: ReportFrame): TrainerReport {
  const { input, config } = frame;
  const { checks, stages, data, training, evaluation, evaluationSkipped, version, current } = draft;
  return given({
    schemaVersion: 1 as const,
    runUid: input.runUid,
    model: input.model,
    trigger: input.trigger,
    requestedBy: input.requestedBy,
    forceReason: input.force?.reason,
    ...endingOf(outcome, draft),
    version,
    current,
    startedAt: frame.startedAt.toISOString(),
    finishedAt: frame.finishedAt.toISOString(),
    data,
    checks,
    training,
    evaluation,
    evaluationSkipped,
    stages,
    peakMemoryBytes: frame.peakMemoryBytes,
    bytesPerReading: draft.bytesPerReading,
    lineage: given({
      codeRevision: config.codeRevision,
      image: config.image,
      node: process.version,
      library: draft.libraryVersion,
      recipeFingerprint: draft.recipeFingerprint,
    }),
  });
}
