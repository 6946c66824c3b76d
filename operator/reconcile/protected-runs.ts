import { Verdict } from "../../contract/verdicts.ts";
import { hasDoneIt } from "./run/period.ts";
import type { RunSeen } from "./seen.ts";

export interface Finished {
  readonly run: RunSeen;
  readonly verdict: Verdict;
  readonly at: Date;
}

/**
 * uids of the runs that are never removed: those that tell where the current version comes from, the newest Published and the
 * newest Restored, and those that tell whether the current and the previous period are done. `finished` has the newest first.
 */
export function protectedRuns(finished: readonly Finished[], now: Date): ReadonlySet<string> {
  const staying = finished.filter(({ run }) => !run.deleting);
  const runs = [
    ...originOfCurrent(finished),
    staying.find(({ verdict }) => verdict === Verdict.Published),
    staying.find(({ verdict }) => verdict === Verdict.Restored),
    ...periodsAround(now).flatMap((period) => tellOf(period, staying)),
  ];
  return new Set(runs.filter((one) => one !== undefined).map(({ run }) => run.uid));
}

/** The run that published the current version; a restore names the version of an earlier run. */
function originOfCurrent(finished: readonly Finished[]): readonly Finished[] {
  const mover = finished.find(({ verdict }) => verdict === Verdict.Published || verdict === Verdict.Restored);
  const version = mover?.run.status.version;
  if (version === undefined) return [];
  return finished.filter(
    ({ run, verdict }) => verdict === Verdict.Published && run.status.version === version,
  );
}

/** The newest run of a period, and the one that has done it: without it the schedule would have it done again. */
function tellOf(period: string, finished: readonly Finished[]): readonly (Finished | undefined)[] {
  const ofPeriod = finished.filter(({ run }) => run.status.resolved?.period === period);
  return [ofPeriod[0], ofPeriod.findLast(({ run }) => hasDoneIt(run))];
}

/**
 * The months that the schedule can still name: that of now, in whichever time zone, and the one before. A newer period that somebody
 * wrote by hand changes nothing about them.
 */
function periodsAround(now: Date): readonly string[] {
  const earliest = new Date(now.getTime() - farthestZone);
  const months = [earliest, new Date(now.getTime() + farthestZone), previousMonth(earliest)];
  return [...new Set(months.map((month) => month.toISOString().slice(0, "2026-12".length)))];
}

const farthestZone = 14 * 3_600_000;
const previousMonth = (of: Date): Date => new Date(Date.UTC(of.getUTCFullYear(), of.getUTCMonth() - 1));
