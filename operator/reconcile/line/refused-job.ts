import { Verdict } from "../../../contract/verdicts.ts";
import { jobName } from "../job-name.ts";
import type { Moment } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import { nextNumber } from "../run/open-attempt.ts";
import type { RefusedJob, RunSeen } from "../seen.ts";
import type { Ending } from "../status/ending.ts";
import { plusSeconds } from "../times.ts";

const retrySeconds = 60;

export const triedAgainAt = ({ at }: RefusedJob): Date => plusSeconds(at, retrySeconds);

/** When the next Job is given up, if it is refused until then: whoever goes between does not lengthen that. */
export function givenUpAt(run: RunSeen, resolved: Resolved, { seen, now }: Moment): Date {
  const { refused } = run;
  const since = refused?.job === jobName(run.uid, nextNumber(run, seen.jobs)) ? refused.since : now;
  return plusSeconds(since, resolved.job.pendingDeadlineSeconds);
}

/** The end of a run whose Job has been refused for too long; undefined while it is tried. */
export function notCreated(run: RunSeen, resolved: Resolved, moment: Moment): Ending | undefined {
  const refused = moment.seen.refusedJobs.get(run.uid);
  if (refused === undefined || moment.now < givenUpAt(run, resolved, moment)) return undefined;
  const { reason, message } = refused;
  return { verdict: Verdict.Failed, reason, message };
}
