import { actionOf } from "./action.ts";
import { lineUp } from "./line/line.ts";
import { placeOf, type Place } from "./line/place.ts";
import type { Moment } from "./moment.ts";
import type { Decide, StatusChange } from "./plan.ts";
import type { Standing } from "./run/run-state.ts";
import { ignoredEdit } from "./run/ignored-edit.ts";
import { standingOf } from "./run/standing.ts";
import { eventsOf } from "./status/events.ts";
import { sameValue } from "./status/same-value.ts";
import { statusOf } from "./status/status-of.ts";
import { tidying } from "./tidy.ts";
import { earliest } from "./times.ts";
import { wakeOf } from "./wake.ts";

/**
 * The next step for all runs of a model, at most one action. It depends on nothing but what was seen, so that after a crash between any
 * two steps the next pass goes on from there.
 */
export const decide: Decide = (seen, settings, now) => {
  const moment: Moment = { seen, settings, now };
  const standings = seen.runs.map((run) => standingOf(run, moment));
  const line = lineUp(standings);
  const placed = standings.map((standing) => ({ standing, place: placeOf(standing, line, moment) }));
  const start = placed.find(({ place }) => place?.kind === "start");
  const tidy = tidying(moment);
  const statuses = placed.flatMap(({ standing, place }) => change(standing, place, moment));
  return {
    action: actionOf(standings, line, start?.place, tidy),
    statuses,
    events: statuses.flatMap((change) => [...eventsOf(change), ...ignoredEdit(change, settings)]),
    wakeAt: earliest([tidy.next, ...placed.map(({ standing, place }) => wakeOf(standing, place, moment))]),
  };
};

function change(standing: Standing, place: Place | undefined, moment: Moment): StatusChange[] {
  const { run } = standing;
  const status = statusOf(standing, place, moment);
  return status === undefined || sameValue(status, run.status) ? [] : [{ run, status }];
}
