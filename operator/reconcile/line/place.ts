import type { V1Job } from "@kubernetes/client-node";

import { jobName } from "../job-name.ts";
import { trainerJob } from "../job.ts";
import type { AttemptRecord, Moment } from "../moment.ts";
import { nextNumber } from "../run/open-attempt.ts";
import type { Standing } from "../run/run-state.ts";
import type { RefusedJob } from "../seen.ts";
import { timeText } from "../times.ts";
import type { Line } from "./line.ts";
import { obstacleIn, type Obstacle } from "./obstacle.ts";
import { triedAgainAt } from "./refused-job.ts";

/** Where a run that wants a Job is in the line. */
export type Place =
  | { readonly kind: "behind"; readonly other: string; readonly isActive: boolean }
  | { readonly kind: "blocked"; readonly obstacle: Obstacle }
  | { readonly kind: "refused"; readonly refused: RefusedJob }
  /** Comes first, once what it is made of is written. */
  | { readonly kind: "next" }
  | { readonly kind: "start"; readonly job: V1Job; readonly record: AttemptRecord };

/** Undefined for a run that wants no Job now. */
export function placeOf({ run, state, accepted }: Standing, line: Line, moment: Moment): Place | undefined {
  if (state.kind !== "ready" || accepted === undefined) return undefined;
  if (line.active !== undefined) return { kind: "behind", other: line.active.run.name, isActive: true };
  if (line.first !== undefined && line.first.run.uid !== run.uid) {
    return { kind: "behind", other: line.first.run.name, isActive: false };
  }
  const { seen, settings, now } = moment;
  const obstacle = obstacleIn(seen, now);
  if (obstacle !== undefined) return { kind: "blocked", obstacle };
  if (accepted.isNew) return { kind: "next" };
  const { refused } = state;
  if (refused !== undefined && now < triedAgainAt(refused)) return { kind: "refused", refused };
  const number = nextNumber(run, seen.jobs);
  const job = trainerJob(run, accepted.resolved, number, settings);
  return { kind: "start", job, record: { job: jobName(run.uid, number), startedAt: timeText(now) } };
}
