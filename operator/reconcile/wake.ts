import { lookSeconds } from "./attempt/look.ts";
import type { Place } from "./line/place.ts";
import { givenUpAt, triedAgainAt } from "./line/refused-job.ts";
import type { Moment } from "./moment.ts";
import type { Standing } from "./run/run-state.ts";
import { earliest, plusSeconds } from "./times.ts";

/** When a run has to be looked at again although nothing changes; undefined when only a change leads on. */
export function wakeOf(standing: Standing, place: Place | undefined, moment: Moment): Date | undefined {
  const { state } = standing;
  switch (state.kind) {
    case "attempting":
      return plusSeconds(moment.now, lookSeconds(state.state, moment.now));
    case "waiting":
    case "retrying":
      return state.until;
    case "ready":
      return place && inLine(standing, place, moment);
    case "settled":
    case "refused":
    case "suspended":
    case "over":
      return undefined;
    default:
      return state satisfies never;
  }
}

function inLine({ run, accepted }: Standing, place: Place, moment: Moment): Date | undefined {
  switch (place.kind) {
    case "blocked":
      return place.obstacle.changesAt;
    case "refused":
      return earliest([triedAgainAt(place.refused), accepted && givenUpAt(run, accepted.resolved, moment)]);
    case "behind":
    case "next":
    case "start":
      return undefined;
    default:
      return place satisfies never;
  }
}
