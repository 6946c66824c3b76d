import { RunReason } from "../../../contract/run-reasons.ts";
import type { RetrainRunStatus } from "../../../contract/status.ts";
import type { Place } from "../line/place.ts";
import { conditionOf, type Moment } from "../moment.ts";
import { recorded } from "../run/open-attempt.ts";
import type { Attempting, Over, Retrying, Standing } from "../run/run-state.ts";
import type { Refusal, RunSeen } from "../seen.ts";
import { timeText } from "../times.ts";
import { attemptingWord } from "./attempting-word.ts";
import { finished, holds, holdsNot, type Words } from "./conditions.ts";
import { endingFields } from "./ending-fields.ts";

/** What a state changes in the status, beside what it always keeps. */
export interface Telling {
  readonly words: Words;
  readonly fields?: Partial<RetrainRunStatus>;
}

/** What a run's status says about where it stands; undefined when nothing is written any more. */
export function telling(
  { run, state }: Standing,
  place: Place | undefined,
  moment: Moment,
): Telling | undefined {
  switch (state.kind) {
    case "settled":
      return undefined;
    case "refused":
      return { words: { Accepted: holdsNot(state.refusal), Progressing: holdsNot(state.refusal) } };
    case "suspended":
      return waiting({ reason: RunReason.Suspended, message: "spec.suspend holds the run" });
    case "ready":
      return place && inLine(run, place);
    case "waiting":
      return asBefore(run);
    case "attempting":
      return attempting(run, state, moment);
    case "retrying":
      return retrying(state);
    case "over":
      return over(state, moment.now);
    default:
      return state satisfies never;
  }
}

const waiting = (word: Refusal): Telling => ({ words: { Progressing: holdsNot(word) } });

/** Creation that is refused is progress: since then it has been this run's turn. */
function inLine(run: RunSeen, place: Place): Telling {
  switch (place.kind) {
    case "behind": {
      const what = place.isActive ? "is active" : "comes first";
      return waiting({ reason: RunReason.Queued, message: `Run ${place.other} of the model ${what}` });
    }
    case "next":
      return waiting({ reason: RunReason.Queued, message: "The run comes next" });
    case "blocked":
      return waiting(place.obstacle.word);
    case "refused":
      return { words: { Progressing: holds(place.refused) } };
    case "start": {
      const word = { reason: RunReason.Pending, message: `Job ${place.record.job} is created` };
      return { words: { Progressing: holds(word) }, fields: recorded(run, place.record) };
    }
    default:
      return place satisfies never;
  }
}

/** What the attempt's end has said stays until the next one is due. */
function asBefore(run: RunSeen): Telling {
  const word = conditionOf(run, "Progressing") ?? { reason: RunReason.BackingOff, message: "" };
  const { nextRetryTime } = run.status;
  return { ...waiting(word), fields: nextRetryTime === undefined ? {} : { nextRetryTime } };
}

function attempting(run: RunSeen, state: Attempting, { seen, now }: Moment): Telling {
  const word = attemptingWord(run, state, seen.namespace, now);
  const progress = (state.state.kind === "running" && state.state.progress) || run.status.progress;
  const fields = recorded(run, state.attempt.record);
  return {
    words: { Progressing: holds(word) },
    fields: progress === undefined ? fields : { ...fields, progress },
  };
}

const retrying = ({ closed, why, message, until }: Retrying): Telling => ({
  ...waiting({ reason: why, message }),
  fields: { ...closed.fields, nextRetryTime: timeText(until) },
});

const over = ({ ending, closed }: Over, now: Date): Telling => ({
  words: finished(ending),
  fields: { ...closed?.fields, ...endingFields(ending), completionTime: timeText(now) },
});
