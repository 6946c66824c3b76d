import { RunReason } from "../../../contract/run-reasons.ts";
import type { TerminationMessage } from "../../../contract/termination-message.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import type { RunSeen } from "../seen.ts";

/** How a run ends. */
export interface Ending {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly message: string;
  /** The trainer's, where it decided. */
  readonly report?: TerminationMessage;
}

/** `isKnown`: how each attempt ended is. A trainer that published may have been killed before it could say so. */
export const cancelled = (isKnown: boolean): Ending => ({
  verdict: Verdict.Cancelled,
  reason: RunReason.CancelRequested,
  message: isKnown
    ? "Stopped on request; no version was published"
    : "Stopped on request; an attempt left no report, so whether it published a version is not known: look at the model's current version (npm run models -- list)",
});

export const restoredFromBackup = ({ startedAs }: RunSeen): Ending => ({
  verdict: Verdict.Skipped,
  reason: RunReason.RestoredFromBackup,
  message: `This object was started before under the uid ${startedAs ?? ""} and came back with a backup of the cluster. Create a new RetrainRun to train again`,
});

export const alreadyDone = (by: RunSeen, period: string): Ending => ({
  verdict: Verdict.Skipped,
  reason: RunReason.AlreadyDone,
  message: `Run "${by.name}" has done ${period} (${by.status.verdict ?? ""}/${by.status.reason ?? ""}). Set spec.force to train it again`,
});

export const reported = (report: TerminationMessage): Ending => {
  const { verdict, reason, message } = report;
  return { verdict, reason, message, report };
};

const movedCurrent: readonly Verdict[] = [Verdict.Published, Verdict.Restored];
const wentWell: readonly Verdict[] = [...movedCurrent, Verdict.DryRun, Verdict.Skipped];
export const hasMovedCurrent = (verdict: Verdict): boolean => movedCurrent.includes(verdict);
export const hasGoneWell = (verdict: Verdict): boolean => wentWell.includes(verdict);
