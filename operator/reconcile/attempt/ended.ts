import type { TerminationMessage } from "../../../contract/termination-message.ts";
import type { PodSeen } from "../seen.ts";
import type { AttemptEnd, AttemptSeen, Outcome } from "./attempt.ts";
import { deletion, exitCodeOf, failure, outcomeOf, outOfMemory } from "./failure.ts";
import { interruption, type Cause } from "./interruption.ts";
import { lastLogLines } from "./log-lines.ts";
import { isMeantAsReport, isOfStop, isVerdict, meantExitCode, readReport } from "./report.ts";
import { shortened } from "./safe-text.ts";

const longestMessage = 4096;

/** How an attempt ended, by one of its Pods; undefined when there is none (any more). */
export function attemptEnd(seen: AttemptSeen, pod: PodSeen | undefined): AttemptEnd {
  const { report, fault } = readReport(pod, seen.runUid);
  const cause =
    report === undefined ? withLog(failure(seen, pod, fault), seen, pod) : reported(report, seen, pod);
  const { finishedAt } = pod?.trainer.terminated ?? {};
  return {
    at: finishedAt ?? seen.job?.finished?.at,
    exitCode: exitCodeOf(seen, pod),
    report,
    ...cause,
    message: shortened(cause.message, longestMessage),
  };
}

/** A report's verdict stands. A failure is classed by its reason; one that was told to stop, by who told it. */
function reported(report: TerminationMessage, seen: AttemptSeen, pod: PodSeen | undefined): Cause {
  const { reason, message } = report;
  if (isVerdict(report)) return { outcome: "report", reason, message };
  const stoppedBy = isOfStop(report) ? (interruption(seen, pod) ?? deletion(seen, pod)) : undefined;
  if (stoppedBy !== undefined) return stoppedBy;
  const memory = outOfMemory(seen, pod);
  const told = memory === undefined ? message : `${message}. ${memory.message}${peakOf(report)}`;
  return { outcome: failedOutcome(report, exitCodeOf(seen, pod)), reason, message: told };
}

function failedOutcome(report: TerminationMessage, exitCode = 0): Outcome {
  return report.reason === "ModelLocked" ? "locked" : outcomeOf(meantExitCode(report, exitCode));
}

const bytesInMebibyte = 1024 * 1024;
const peakOf = ({ peakMemoryBytes }: TerminationMessage): string =>
  `; the trainer itself had used up to ${String(Math.round(peakMemoryBytes / bytesInMebibyte))} MiB`;

/** The container's own last words; those of a Pod that has gone are in its termination message, if anywhere. */
function withLog(cause: Cause, { log }: AttemptSeen, pod: PodSeen | undefined): Cause {
  const { message = "" } = pod?.trainer.terminated ?? {};
  const lines = lastLogLines(log ?? (isMeantAsReport(message) ? "" : message));
  return lines === undefined ? cause : { ...cause, message: `${cause.message}. Its log ends: ${lines}` };
}
