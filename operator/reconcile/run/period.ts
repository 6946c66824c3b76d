import { Reason } from "../../../contract/reasons.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { purposeOf } from "../frozen.ts";
import { inOrder } from "../line/order.ts";
import type { Resolved } from "../resolved.ts";
import type { RunSeen } from "../seen.ts";

/**
 * The run that has done this run's period: the first one that ended Published, or Skipped for want of new data. A forced run, a dry run
 * and a restore are not asked; a dry run and a restore do no period either.
 */
export function doneBy(run: RunSeen, { period }: Resolved, runs: readonly RunSeen[]): RunSeen | undefined {
  if (period === undefined || purposeOf(run).force !== undefined || doesNoPeriod(run)) return undefined;
  const others = runs.filter((other) => other.uid !== run.uid && other.status.resolved?.period === period);
  return others.filter(hasDoneIt).toSorted(inOrder)[0];
}

function doesNoPeriod(run: RunSeen): boolean {
  const { dryRun, restore } = purposeOf(run);
  return dryRun === true || restore !== undefined;
}

/** Whether a run has done its period. */
export function hasDoneIt(run: RunSeen): boolean {
  const { verdict, reason } = run.status;
  const isDone =
    verdict === Verdict.Published || (verdict === Verdict.Skipped && reason === Reason.NoNewData);
  return isDone && !doesNoPeriod(run);
}
