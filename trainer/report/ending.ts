import { failureReasons, Reason } from "../../contract/reasons.ts";
import type { TrainerReport } from "../../contract/trainer-report.ts";
import { Verdict } from "../../contract/verdicts.ts";
import { grouped } from "../checks/facts.ts";
import type { RunFailure } from "../errors.ts";
import type { Draft } from "./draft.ts";

/** How a run ended; the compiler finds the missing case. */
export type Outcome =
  | {
      readonly kind: "published";
      readonly version: string;
      readonly reason: Reason;
      /** Sentences on what was overridden or left undone. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "restored";
      readonly version: string;
      readonly from: string | null;
      readonly notes: readonly string[];
    }
  /** `would` says in one sentence how the run would have ended. */
  | { readonly kind: "dry-run"; readonly would: string }
  | { readonly kind: "rejected" | "skipped" | "aborted"; readonly reason: string; readonly message: string }
  /** An earlier attempt of this very run was ended after its commit point: this is its report. */
  | { readonly kind: "repeated"; readonly report: TrainerReport }
  | { readonly kind: "failed"; readonly failure: RunFailure };

export type Ending = Pick<TrainerReport, "verdict" | "reason" | "message" | "exitCode">;

const verdictOf = {
  rejected: Verdict.Rejected,
  skipped: Verdict.Skipped,
  aborted: Verdict.Aborted,
} as const;

/** Verdict, reason, sentence and exit code of an outcome. */
export function endingOf(outcome: Outcome, draft: Draft): Ending {
  switch (outcome.kind) {
    case "published":
      return publishedEnding(outcome, draft);
    case "restored":
      return restoredEnding(outcome);
    case "dry-run": {
      const message = `Nothing was published, as asked: ${outcome.would}`;
      return { verdict: Verdict.DryRun, reason: Reason.DryRunRequested, message, exitCode: 0 };
    }
    case "rejected":
    case "skipped":
    case "aborted": {
      const { kind, reason, message } = outcome;
      return { verdict: verdictOf[kind], reason, message, exitCode: 0 };
    }
    case "repeated": {
      const { verdict, reason, message, exitCode } = outcome.report;
      return { verdict, reason, message, exitCode };
    }
    case "failed":
      return failedEnding(outcome.failure);
    default:
      return outcome satisfies never;
  }
}

const sentences = (parts: readonly string[]): string =>
  parts.map((part) => part.replace(/\.$/, "")).join(". ");

function publishedEnding(outcome: Extract<Outcome, { kind: "published" }>, draft: Draft): Ending {
  const { version, reason, notes } = outcome;
  const model = draft.data === undefined ? "" : `: ${trainedOn(draft)}`;
  const message = sentences([`Version ${version} is current${model}`, ...notes]);
  return { verdict: Verdict.Published, reason, message, exitCode: 0 };
}

function restoredEnding({ version, from, notes }: Extract<Outcome, { kind: "restored" }>): Ending {
  const instead = from === null || from === version ? "" : ` instead of ${from}`;
  const message = sentences([`Version ${version} is current again${instead}`, ...notes]);
  return { verdict: Verdict.Restored, reason: Reason.RestoredVersion, message, exitCode: 0 };
}

const failedEnding = (failure: RunFailure): Ending => ({
  verdict: failure.reason === "Terminated" ? Verdict.Cancelled : Verdict.Failed,
  reason: failure.reason,
  message: failure.message,
  exitCode: failureReasons[failure.reason],
});

/** "trained on 31,567 rows of 51 stations through 2024-12-06; MAE 80.1 against …": what a run's model is. */
export function trainedOn({ data, evaluation }: Draft): string {
  const rows = `trained on ${grouped(data?.rows ?? 0)} rows of ${grouped(data?.stations ?? 0)} stations through ${data?.dataThrough ?? "no day"}`;
  if (evaluation === undefined) return rows;
  const { candidate, champion, naive, window } = evaluation;
  const current = champion === undefined ? "" : ` ${champion.mae.toFixed(1)} of the version before and`;
  return `${rows}; MAE ${candidate.mae.toFixed(1)} against${current} ${naive.mae.toFixed(1)} of mean(lag_1, lag_7) from ${window.from} to ${window.to}`;
}
