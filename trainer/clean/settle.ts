import type { Granularity } from "../../contract/spec/source.ts";
import type { Day } from "../days.ts";
import type { ReadingLog } from "../extract/reading-log.ts";
import { forEachCell, type Cell } from "./cells.ts";
import { DailyCountsBuilder, forEachCount, type DailyCounts } from "./daily-counts.ts";
import { hoursOf, latest, latestPerTime } from "./duplicates.ts";

/** A station-day with fewer hours is not a day's total. */
export const fewestHours = 20;

export interface Settled {
  readonly counts: DailyCounts;
  readonly granularity: "daily" | "hourly";
  /** Share of station-days with two distinct times or more: what `auto` decides by. */
  readonly multipleTimesShare: number;
  /** Readings of the span that were dropped or folded, by step of the waterfall. */
  readonly duplicate: number;
  readonly partialDay: number;
  readonly summed: number;
  /** Station-days whose duplicates contradict each other where no order column can decide. */
  readonly conflicts: number;
}

/** What a cell would be under both readings of the table; the choice is known only after the last cell. */
interface HourlyCell {
  readonly entry: number;
  readonly sum: number;
  readonly hours: number;
  readonly readings: number;
}

interface Tally {
  duplicate: number;
  conflicts: number;
}

/**
 * Removes duplicates and sums hours (design: cleaning step 2).
 *
 * Daily: of a station-day's readings the one with the highest order key wins. Hourly: equal times are duplicates,
 * the rest is summed, and days with fewer than 20 hours are dropped. Days before `since` are settled alike but
 * not counted in the waterfall.
 */
export function settle(
  log: ReadingLog,
  options: { stations: number; granularity: Granularity; ordered: boolean; since: Day | undefined },
): Settled {
  const daily = new DailyCountsBuilder(log.length);
  const hourly: HourlyCell[] = [];
  const asDaily: Tally = { duplicate: 0, conflicts: 0 };
  const asHourly: Tally = { duplicate: 0, conflicts: 0 };
  const inSpan = (day: Day): boolean => options.since === undefined || day >= options.since;

  forEachCell(log, options.stations, (cell) => {
    const last = latest(log, cell.positions);
    if (cell.positions.length > 1) {
      const perTime = latestPerTime(log, cell.positions);
      if (inSpan(cell.day)) {
        asDaily.duplicate += cell.positions.length - 1;
        asHourly.duplicate += cell.positions.length - perTime.length;
      }
      if (!options.ordered) countConflicts(log, cell, { asDaily, asHourly });
      if (perTime.length > 1) hourly.push(hourlyCell(log, daily.length, perTime));
    }
    daily.add(cell.day, cell.station, log.value(last));
  });

  const multipleTimesShare = daily.length === 0 ? 0 : hourly.length / daily.length;
  const counts = daily.build();
  const choice =
    options.granularity === "auto" ? (multipleTimesShare > 0.5 ? "hourly" : "daily") : options.granularity;
  if (choice === "daily")
    return { counts, granularity: choice, multipleTimesShare, ...asDaily, partialDay: 0, summed: 0 };
  return { granularity: choice, multipleTimesShare, ...asHourly, ...sumHours(counts, hourly, inSpan) };
}

function countConflicts(log: ReadingLog, cell: Cell, tally: { asDaily: Tally; asHourly: Tally }): void {
  const [first = 0, ...others] = cell.positions;
  if (others.some((other) => log.value(other) !== log.value(first))) tally.asDaily.conflicts++;
  const contradicts = cell.positions.some((position, i) => {
    const before = cell.positions[i - 1];
    return (
      before !== undefined &&
      log.time(before) === log.time(position) &&
      log.value(before) !== log.value(position)
    );
  });
  if (contradicts) tally.asHourly.conflicts++;
}

function hourlyCell(log: ReadingLog, entry: number, perTime: readonly number[]): HourlyCell {
  const sum = perTime.reduce((total, position) => total + log.value(position), 0);
  return { entry, sum, hours: hoursOf(log, perTime), readings: perTime.length };
}

/** A station-day with a single time: whatever it counted, it is not a day of hours. */
const oneReading = { sum: 0, hours: 1, readings: 1 };

function sumHours(
  daily: DailyCounts,
  hourly: readonly HourlyCell[],
  inSpan: (day: Day) => boolean,
): { counts: DailyCounts; partialDay: number; summed: number } {
  const summedCounts = new DailyCountsBuilder(hourly.length);
  let [partialDay, summed, next] = [0, 0, 0];
  forEachCount(daily, (day, station, _count, entry) => {
    const candidate = hourly[next];
    const cell = candidate?.entry === entry ? candidate : oneReading;
    if (cell === candidate) next++;
    const isWhole = cell.hours >= fewestHours;
    if (isWhole) summedCounts.add(day, station, cell.sum);
    if (!inSpan(day)) return;
    if (isWhole) summed += cell.readings - 1;
    else partialDay += cell.readings;
  });
  return { counts: summedCounts.build(), partialDay, summed };
}
