import type { TrainerReport } from "../../contract/trainer-report.ts";
import { Reason } from "../../contract/reasons.ts";
import type { Verdict } from "../../contract/verdicts.ts";

/** good: a version became current. care: the champion was kept on purpose. bad: the run could not do its work. calm: nothing to do. */
export type Tone = "good" | "care" | "bad" | "calm";

interface VerdictWords {
  readonly tone: Tone;
  readonly headline: (report: TrainerReport) => string;
}

const nothingChanged = ({ current }: TrainerReport): string =>
  current === undefined ? "nothing was published" : "the current version stays";

const published = ({ reason }: TrainerReport): string => {
  if (reason === Reason.Forced) return "A new version is current because it was forced";
  if (reason === Reason.GateWarned) return "A new version is current although a rule of the gate failed";
  return "A new version is current";
};

const skipped = ({ reason }: TrainerReport): string =>
  reason === Reason.Held ? "Nothing was published: the current version is held" : "There was nothing to do";

/** What a verdict means for whoever uses the model, in half a sentence; why stands in the report's message. */
export const verdictWords: Record<Verdict, VerdictWords> = {
  Published: { tone: "good", headline: published },
  Rejected: { tone: "care", headline: (report) => `The candidate was refused, ${nothingChanged(report)}` },
  Aborted: { tone: "care", headline: (report) => `The data were refused, ${nothingChanged(report)}` },
  Skipped: { tone: "calm", headline: skipped },
  DryRun: { tone: "calm", headline: () => "A dry run: nothing was published" },
  Restored: { tone: "good", headline: () => "An older version is current again" },
  Cancelled: { tone: "calm", headline: (report) => `The run was stopped, ${nothingChanged(report)}` },
  Failed: {
    tone: "bad",
    headline: (report) => `The run could not be carried out, ${nothingChanged(report)}`,
  },
  TimedOut: { tone: "bad", headline: (report) => `The run took too long, ${nothingChanged(report)}` },
};
