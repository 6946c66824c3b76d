import { periodOf } from "../../create-run/scheduled-job.ts";
import type { RunSeen } from "../../reconcile/seen.ts";
import type { ModelView } from "../api/schemas.ts";
import { lastRunTime } from "../runs/schedule.ts";

/** What a model's runs say about its schedule. */
export interface ScheduleFacts {
  /** When the newest run of a period was created. */
  readonly lastScheduledRun: Date | undefined;
  /** When the schedule was last due, as long as that month has no run. */
  readonly missed: Date | undefined;
}

/**
 * By the objects alone. A month can only be missed by a model that had a run of an earlier one: whether an older schedule's tick should
 * have made a run, no object tells.
 */
export function scheduleFacts(view: ModelView, runs: readonly RunSeen[], now: Date): ScheduleFacts {
  const scheduled = runs.filter((run) => runPeriod(run) !== undefined);
  const created = scheduled.map(({ createdAt }) => createdAt.getTime());
  const lastScheduledRun = created.length === 0 ? undefined : new Date(Math.max(...created));
  return { lastScheduledRun, missed: missedTick(view, scheduled, now) };
}

function missedTick(
  { schedule, timeZone, suspended }: ModelView,
  scheduled: readonly RunSeen[],
  now: Date,
): Date | undefined {
  if (schedule === undefined || timeZone === undefined || suspended) return undefined;
  const due = lastRunTime(schedule, timeZone, now);
  if (due === undefined || !scheduled.some(({ createdAt }) => createdAt < due)) return undefined;
  const period = periodOf(due, timeZone);
  return scheduled.some((run) => runPeriod(run) === period) ? undefined : due;
}

const runPeriod = ({ spec, status }: RunSeen): string | undefined =>
  status.resolved?.period ?? ("reason" in spec ? undefined : spec.period);
