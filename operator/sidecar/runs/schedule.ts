import { Cron } from "croner";

/** When a schedule, as cron writes it, is due next; undefined for one that cannot be read or never is. */
export const nextRunTime = (schedule: string, timeZone: string, now: Date): Date | undefined =>
  cron(schedule, timeZone)?.nextRun(now) ?? undefined;

/** When it was due last before now; undefined for one that cannot be read or never was. */
export const lastRunTime = (schedule: string, timeZone: string, now: Date): Date | undefined =>
  cron(schedule, timeZone)?.previousRuns(1, now)[0];

function cron(schedule: string, timeZone: string): Cron | undefined {
  try {
    return new Cron(schedule, { timezone: timeZone, paused: true });
  } catch {
    return undefined; // The library says only by throwing that it cannot read a schedule; the cluster refuses it aloud.
  }
}
