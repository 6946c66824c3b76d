import { attemptState, type AttemptState } from "../attempt/attempt-state.ts";
import type { Moment } from "../moment.ts";
import type { Resolved } from "../resolved.ts";
import type { PodSeen, RunSeen, Seen } from "../seen.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { mayBegin } from "./stop.ts";

export function stateOfAttempt(
  run: RunSeen,
  attempt: OpenAttempt,
  resolved: Resolved,
  { seen, now }: Moment,
): AttemptState {
  const { job, pods } = attempt;
  return attemptState({
    runUid: run.uid,
    job,
    pods,
    events: seen.events,
    log: newestLog(pods, seen),
    memoryLimit: resolved.job.resources.limits.memory,
    mayBegin: mayBegin(run, attempt, resolved, now),
    now,
  });
}

const newestLog = (pods: readonly PodSeen[], { logs }: Seen): string | undefined =>
  pods
    .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
    .map(({ uid }) => logs.get(uid))
    .find((log) => log !== undefined);
