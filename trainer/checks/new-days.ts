import type { DailyCounts } from "../clean/daily-counts.ts";
import { dayOfWeek, plusDays, type Day } from "../days.ts";
import type { Facts } from "./facts.ts";

/** First and last day, both inclusive. */
export interface DaySpan {
  readonly from: Day;
  readonly to: Day;
}

/** The days that the current version has not been trained on, and the days that they are compared with. */
export interface NewDays {
  readonly judged: DaySpan;
  /** The 8 weeks before the first judged day: what the stations have counted lately. */
  readonly before: DaySpan;
  readonly counts: DailyCounts;
  /** Number of station codes in `counts`. */
  readonly stations: number;
  /** Mean counts of the days before by weekday and station, at weekday * stations + station; NaN where it was silent. */
  readonly usual: Float32Array;
}

/** One day's entries in `counts`, `end` exclusive. */
export interface DayEntries {
  readonly day: Day;
  readonly first: number;
  readonly end: number;
}

/**
 * A day's entries and what each station was expected to count, by station code; NaN where there is no baseline. The next
 * day overwrites the arrays.
 */
export interface ExpectedDay extends DayEntries {
  readonly baselines: readonly [eightWeeks: Float32Array, yearBefore: Float32Array];
}

const daysBefore = 56;
/** The same weekday, and within a day of the same date. */
const daysOfYearBefore = 364;
/** Fewer say nothing about a level: one rainy holiday empties a whole city. */
const fewestDays = 7;

/**
 * The days after the current version's last one up to the newest count, at least 7: a run soon after another judges
 * some days once more. Undefined without a current version, and when nothing has been counted since.
 */
export function newDays({ champion, counts, ids }: Facts): NewDays | undefined {
  const to = counts.days.at(-1);
  if (champion === undefined || to === undefined || to <= champion.dataThrough) return undefined;
  const from = Math.min(champion.dataThrough + 1, to - fewestDays + 1) as Day;
  const before = { from: plusDays(from, -daysBefore), to: plusDays(from, -1) };
  const stations = ids.length;
  return { judged: { from, to }, before, counts, stations, usual: weekdayMeans(counts, before, stations) };
}

/**
 * Windows of so many days, counted backwards from the newest, so that a spoilt end shows in a long span. The oldest one
 * overlaps its neighbour instead of being shorter; a span that is shorter than a window is the only one.
 */
export function windowsOf({ from, to }: DaySpan, days: number): readonly DaySpan[] {
  const windows = Array.from({ length: Math.ceil((to - from + 1) / days) }, (_, i) =>
    plusDays(to, -i * days),
  );
  return windows.map((last) => ({
    from: Math.max(from, last - days + 1) as Day,
    to: Math.min(to, Math.max(last, from + days - 1)) as Day,
  }));
}

/** The days of a span on which anything was counted. */
export function* daysIn({ days, start }: DailyCounts, { from, to }: DaySpan): Generator<DayEntries> {
  for (let d = indexFrom(days, from); d < days.length; d++) {
    const day = days[d];
    if (day === undefined || day > to) return;
    yield { day, first: start[d] ?? 0, end: start[d + 1] ?? 0 };
  }
}

/**
 * The days of a span with two baselines: the mean of the station's counts on the same weekday of the 8 weeks before the
 * judged days, and its count of 364 days earlier if that day is not a judged one. The year before knows August and
 * Christmas; the 8 weeks know what has been built since.
 */
export function* expectedDays(news: NewDays, span: DaySpan): Generator<ExpectedDay> {
  const yearBefore = new Float32Array(news.stations);
  for (const entries of daysIn(news.counts, span)) {
    const weekday = dayOfWeek(entries.day) * news.stations;
    const earlier = plusDays(entries.day, -daysOfYearBefore);
    if (earlier < news.judged.from) countsByStation(news.counts, earlier, yearBefore);
    else yearBefore.fill(Number.NaN);
    yield { ...entries, baselines: [news.usual.subarray(weekday, weekday + news.stations), yearBefore] };
  }
}

function weekdayMeans(counts: DailyCounts, span: DaySpan, stations: number): Float32Array {
  const [sum, days] = [new Float32Array(7 * stations), new Uint8Array(7 * stations)];
  for (const { day, first, end } of daysIn(counts, span)) {
    for (let entry = first; entry < end; entry++) {
      const cell = dayOfWeek(day) * stations + (counts.station[entry] ?? 0);
      sum[cell] = (sum[cell] ?? 0) + (counts.count[entry] ?? 0);
      days[cell] = (days[cell] ?? 0) + 1;
    }
  }
  return sum.map((total, cell) => total / (days[cell] ?? 0));
}

/** Fills `into` with what each station counted on a day, by station code; NaN where it was silent. */
export function countsByStation(counts: DailyCounts, day: Day, into: Float32Array): void {
  into.fill(Number.NaN);
  for (const { first, end } of daysIn(counts, { from: day, to: day })) {
    for (let entry = first; entry < end; entry++) into[counts.station[entry] ?? 0] = counts.count[entry] ?? 0;
  }
}

/** Index of the first day that is not before `day`. */
function indexFrom(days: readonly Day[], day: Day): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
