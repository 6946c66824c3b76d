import type { TerminationMessage } from "../../../contract/termination-message.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { asked } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import type { RunSeen } from "../seen.ts";
import { plusSeconds } from "../times.ts";

export interface Recheck {
  /** When the data were refused first. */
  readonly since: Date;
  readonly next: Date;
  readonly last: Date;
}

/** When refused data are read again; undefined for a run that is not checked again, or not within its days. */
export function recheckOf(
  run: RunSeen,
  { recheck }: Resolved,
  report: TerminationMessage,
  now: Date,
): Recheck | undefined {
  if (report.verdict !== Verdict.Aborted || recheck === undefined) return undefined;
  if (asked(run).cancel === true) return undefined;
  const { aborted } = run.status;
  const since = aborted === undefined ? now : new Date(aborted.since);
  const next = plusSeconds(now, recheck.everyHours * 3600);
  const last = plusSeconds(since, recheck.forDays * 86_400);
  return next > last ? undefined : { since, next, last };
}
