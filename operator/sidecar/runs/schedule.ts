import { Cron } from "croner";

/** When a schedule, as cron writes it, is due next; undefined for one that cannot be read or never is. */
export function nextRunTime(schedule: string, timeZone: string, now: Date): Date | undefined {
  try {
    return new Cron(schedule, { timezone: timeZone, paused: true }).nextRun(now) ?? undefined;
  } catch {
    return undefined; // The library says only by throwing that it cannot read a schedule; the cluster refuses it aloud.
  }
}
