import { purposeOf } from "./frozen.ts";
import type { Line } from "./line/line.ts";
import type { Place } from "./line/place.ts";
import type { Action } from "./plan.ts";
import type { Attempting, Standing } from "./run/run-state.ts";
import type { JobSeen } from "./seen.ts";
import type { Tidying } from "./tidy.ts";

/** The one thing to do in this pass: what stops a trainer comes before what starts one, and tidying comes last. */
export function actionOf(
  standings: readonly Standing[],
  line: Line,
  place: Place | undefined,
  tidying: Tidying,
): Action {
  return (
    stopping(standings) ?? preemption(standings, line) ?? creation(line, place) ?? tidying.action ?? nothing
  );
}

const nothing: Action = { do: "nothing" };

function stopping(standings: readonly Standing[]): Action | undefined {
  const stopped = standings.map(attemptOf).filter((attempt) => attempt?.stop !== undefined);
  const job = stopped.map((attempt) => attempt?.attempt.job).find(isGoing);
  return job && { do: "suspend-job", job };
}

const attemptOf = ({ state }: Standing): Attempting | undefined =>
  state.kind === "attempting" ? state : undefined;

const isGoing = (job: JobSeen | undefined): boolean =>
  job !== undefined && !job.suspended && !job.deleting && job.finished === undefined;

/** A restore that says so does not wait for the active run. One that is only tried stops nobody. */
function preemption(standings: readonly Standing[], { first }: Line): Action | undefined {
  if (first === undefined || first.state.kind !== "ready") return undefined;
  const { restore, dryRun } = purposeOf(first.run);
  if (restore?.preempt !== true || dryRun === true) return undefined;
  const active = standings.find((standing) => attemptOf(standing)?.stop !== "cancel" && attemptOf(standing));
  const why = `Run ${first.run.name} restores version ${restore.version} and does not wait`;
  return active && { do: "cancel-run", run: active.run, why };
}

function creation({ first }: Line, place: Place | undefined): Action | undefined {
  return first && place?.kind === "start" ? { do: "create-job", run: first.run, job: place.job } : undefined;
}
