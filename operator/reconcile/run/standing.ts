import { waitsForData } from "../line/order.ts";
import { notCreated } from "../line/refused-job.ts";
import { asked, type Moment } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import type { RunSeen } from "../seen.ts";
import { alreadyDone, cancelled, restoredFromBackup, type Ending } from "../status/ending.ts";
import { afterAttempt } from "./after-attempt.ts";
import { acceptance } from "./freeze.ts";
import { openAttempt, type OpenAttempt } from "./open-attempt.ts";
import { haveReported } from "./known-end.ts";
import { doneBy } from "./period.ts";
import type { RunState, Standing } from "./run-state.ts";
import { stateOfAttempt } from "./state-of-attempt.ts";
import { startDeadline, stopOf } from "./stop.ts";

/** Where a run stands. The questions are asked in this order; the first that has an answer decides. */
export function standingOf(run: RunSeen, moment: Moment): Standing {
  const attempt = openAttempt(run, moment.seen);
  const settled = settledState(run, attempt);
  if (settled !== undefined) return { run, accepted: undefined, state: settled };
  const accepted = acceptance(run, moment.settings, attempt);
  if ("refusal" in accepted) return { run, accepted: undefined, state: { kind: "refused", ...accepted } };
  const { resolved } = accepted;
  const state =
    attempt === undefined
      ? betweenAttempts(run, resolved, moment)
      : duringAttempt(run, attempt, resolved, moment);
  return { run, accepted, state };
}

function settledState(run: RunSeen, attempt: OpenAttempt | undefined): RunState | undefined {
  if (run.deleting || run.status.verdict !== undefined) return { kind: "settled" };
  // A Job of this very uid was created here, whatever an annotation says.
  if (attempt?.job !== undefined) return undefined;
  if (run.startedAs !== undefined && run.startedAs !== run.uid) return over(restoredFromBackup(run));
  return attempt === undefined && asked(run).cancel === true ? over(cancelled(haveReported(run))) : undefined;
}

const over = (ending: Ending): RunState => ({ kind: "over", ending });

function betweenAttempts(run: RunSeen, resolved: Resolved, moment: Moment): RunState {
  const { status } = run;
  const { seen, now } = moment;
  if (asked(run).suspend === true && status.startTime === undefined) return { kind: "suspended" };
  const first = doneBy(run, resolved, seen.runs);
  if (first !== undefined) return over(alreadyDone(first, resolved.period ?? ""));
  const until = status.nextRetryTime === undefined ? now : new Date(status.nextRetryTime);
  if (until > now) return { kind: "waiting", until, keepsTurn: !waitsForData(run) };
  const refused = seen.refusedJobs.get(run.uid);
  const ending = notCreated(run, resolved, moment);
  return ending === undefined ? { kind: "ready", refused } : over(ending);
}

function duringAttempt(run: RunSeen, attempt: OpenAttempt, resolved: Resolved, moment: Moment): RunState {
  const { now } = moment;
  const state = stateOfAttempt(run, attempt, resolved, moment);
  if (state.kind === "ended") return afterAttempt(run, { attempt, end: state.end }, resolved, now);
  const deadline = startDeadline(attempt, resolved);
  return { kind: "attempting", attempt, state, stop: stopOf(run, attempt, state, { deadline, now }) };
}
