import type { TrainerInput } from "../contract/trainer-input.ts";
import { dayOf, dayText, localDay, minusDuration, type Day } from "./days.ts";
import { RunFailure } from "./errors.ts";

/** The run's clock and the local days it reads. */
export interface RunSpan {
  readonly asOf: Date;
  readonly asOfDay: Day;
  /** First day, inclusive; undefined for all history. */
  readonly since: Day | undefined;
  /** Day after the last one; today's partial day is never read. */
  readonly until: Day;
}

/** Resolves asOf, since and until. Throws BadConfiguration when nothing lies between since and until. */
export function runSpan(
  source: Pick<TrainerInput["source"], "asOf" | "since" | "until" | "timeZone">,
  now: Date,
): RunSpan {
  const asOf = source.asOf === undefined ? now : new Date(source.asOf);
  const asOfDay = localDay(asOf, source.timeZone);
  const until = Math.min(asOfDay, source.until === undefined ? asOfDay : dayOf(source.until)) as Day;
  const since = sinceDay(source.since, until);
  if (since !== undefined && since >= until) {
    throw new RunFailure(
      "BadConfiguration",
      `Cannot read an empty span: source.since ${source.since ?? ""} is not before the span's end ${dayText(until)}; set an earlier since, or a later until or asOf`,
    );
  }
  return { asOf, asOfDay, since, until };
}

const sinceDay = (since: string | undefined, until: Day): Day | undefined => {
  if (since === undefined) return undefined;
  return since.startsWith("P") ? minusDuration(until, since) : dayOf(since);
};
