import { given } from "../../../contract/given.ts";
import type { RetrainRunStatus } from "../../../contract/status.ts";
import type { Place } from "../line/place.ts";
import { conditionOf, type Moment } from "../moment.ts";
import type { Standing } from "../run/run-state.ts";
import { accepted, conditionsOf, unfinished, type Word, type Words } from "./conditions.ts";
import { telling } from "./telling.ts";

/** The whole status that a run shall have; undefined for one whose status is not written any more. */
export function statusOf(
  standing: Standing,
  place: Place | undefined,
  moment: Moment,
): RetrainRunStatus | undefined {
  const { run } = standing;
  const told = telling(standing, place, moment);
  if (told === undefined) return undefined;
  const { attempts, failures, aborted, startTime } = run.status;
  const words: Words = { ...given({ Accepted: acceptedWord(standing) }), ...unfinished, ...told.words };
  return given({
    observedGeneration: run.generation,
    resolved: resolvedOf(standing),
    conditions: conditionsOf(run, words, moment.now),
    attempts,
    failures,
    aborted,
    startTime,
    ...told.fields,
  });
}

/** As it stands there when it is kept, fields of a later version included. */
function resolvedOf({ run, state, accepted }: Standing): RetrainRunStatus["resolved"] {
  if (state.kind === "refused") return undefined;
  return accepted?.isNew === true ? accepted.resolved : run.status.resolved;
}

/** A run that ended before it was looked at says nothing about it. */
const acceptedWord = (standing: Standing): Word | undefined =>
  standing.accepted === undefined ? conditionOf(standing.run, "Accepted") : accepted;
