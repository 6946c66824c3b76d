import { given } from "../../../contract/given.ts";
import { RunReason } from "../../../contract/run-reasons.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import type { AttemptEnd } from "../attempt/attempt-state.ts";
import { asked, conditionOf } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import type { RunSeen } from "../seen.ts";
import { cancelled, reported, type Ending } from "../status/ending.ts";
import { plusSeconds, timeText } from "../times.ts";
import { haveReported, isKnownEnd } from "./known-end.ts";
import { recorded, type OpenAttempt } from "./open-attempt.ts";
import { recheckOf, type Recheck } from "./recheck.ts";
import { backOffSeconds, countedIn, type Failures } from "./retry.ts";
import type { ClosedAttempt, Over, Retrying } from "./run-state.ts";
import { startDeadline, stopOf } from "./stop.ts";

interface Ended {
  readonly attempt: OpenAttempt;
  readonly end: AttemptEnd;
}

/** The run's verdict, or when it goes on. A report of the trainer wins over a cancellation and over any deadline. */
export function afterAttempt(run: RunSeen, ended: Ended, resolved: Resolved, now: Date): Over | Retrying {
  const { end } = ended;
  const report = end.outcome === "report" ? end.report : undefined;
  const recheck = report && recheckOf(run, resolved, report, now);
  const failures =
    asked(run).cancel === true ? run.status.failures : countedIn(run.status.failures, end.outcome);
  const closed = closedBy(run, ended, { failures, recheck }, now);
  if (recheck !== undefined) return waitForData(closed, end, recheck);
  const ending = report === undefined ? endingOf(run, ended, resolved, { failures, now }) : reported(report);
  return ending === undefined ? backOff(run, closed, end, now) : { kind: "over", ending, closed };
}

interface Counted {
  readonly failures: Failures | undefined;
  readonly now: Date;
}

/** Undefined when another attempt follows. */
function endingOf(
  run: RunSeen,
  { attempt, end }: Ended,
  resolved: Resolved,
  { failures, now }: Counted,
): Ending | undefined {
  const deadline = startDeadline(attempt, resolved);
  const stop = stopOf(run, attempt, { kind: "ended", end }, { deadline, now });
  if (stop === "cancel") return cancelled(haveReported(run) && isKnownEnd(attempt, end));
  if (stop === "pendingTooLong") return neverStarted(run);
  const { reason, message } = end;
  if (end.outcome === "timedOut") return { verdict: Verdict.TimedOut, reason, message };
  const isLast = end.outcome === "permanent" || (failures?.counted ?? 0) > resolved.job.retries;
  return isLast ? { verdict: Verdict.Failed, reason, message } : undefined;
}

/** What the condition said when the attempt was given up. */
function neverStarted(run: RunSeen): Ending {
  const { reason, message } = conditionOf(run, "Progressing") ?? { reason: RunReason.Pending, message: "" };
  return {
    verdict: Verdict.Failed,
    reason: reason === RunReason.Pending ? RunReason.PodNotStarted : reason,
    message,
  };
}

function backOff(run: RunSeen, closed: ClosedAttempt, end: AttemptEnd, now: Date): Retrying {
  const until = plusSeconds(now, backOffSeconds(run));
  const message = `${closed.attempt.record.job} ended with ${end.reason}: ${end.message}. The next attempt is due at ${timeText(until)}`;
  return { kind: "retrying", closed, why: "BackingOff", message, until };
}

function waitForData(closed: ClosedAttempt, end: AttemptEnd, { next, last }: Recheck): Retrying {
  const message = `${end.reason}: ${end.message}. The data are read again at ${timeText(next)}, and until ${timeText(last)}`;
  return { kind: "retrying", closed, why: "WaitingForData", message, until: next };
}

function closedBy(
  run: RunSeen,
  { attempt, end }: Ended,
  { failures, recheck }: { failures: Failures | undefined; recheck: Recheck | undefined },
  now: Date,
): ClosedAttempt {
  const { exitCode, reason } = end;
  const finishedAt = timeText(end.at ?? now);
  const finished = { ...attempt.record, ...given({ finishedAt, exitCode, reason: reason.slice(0, 128) }) };
  const aborted = recheck && { since: timeText(recheck.since), job: attempt.record.job };
  return {
    attempt,
    fields: given({ ...recorded(run, finished), failures, aborted }),
  };
}
