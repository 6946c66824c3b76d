import type { DayWeather } from "../clean/clean-weather.ts";
import { DailyCountsBuilder, type DailyCounts } from "../clean/daily-counts.ts";
import { plusDays, type Day } from "../days.ts";
import { allRows, FeatureSource } from "../features/source.ts";
import { trainingTable, type TrainingTable } from "../features/training-table.ts";
import { forEachForecast } from "./forecasts.ts";
import { ErrorSums } from "./metrics.ts";
import { blockRows, predictBlocks, type Predictor } from "./predictions.ts";
import { indexOfDay, type Window } from "./window.ts";

/**
 * Errors of a model on all days of the window that a station counted and that have weather, as a service would have
 * to predict them: where the day before or the week before is missing, the newest earlier count stands for it.
 * Only stations that `isKnown` accepts; each must have counted on a day at least eight before the window.
 */
export async function scoreServedLags(
  model: Uint8Array,
  table: TrainingTable,
  { window, isKnown }: { window: Window; isKnown: (station: number) => boolean },
  predictor: Predictor,
): Promise<ErrorSums> {
  const { filled, counted } = carriedForward(table, window, isKnown);
  const candidate = await predictBlocks(
    model,
    new FeatureSource(filled, allRows(filled), blockRows),
    predictor,
  );
  const sums = new ErrorSums();
  let row = 0;
  forEachForecast(filled, allRows(filled), { candidate }, (forecast) => {
    if (counted[row++] === 1) sums.add(forecast.actual, forecast.candidate);
  });
  return sums;
}

interface Carried {
  /** A table of the window's days on which every station has both lags. */
  readonly filled: TrainingTable;
  /** By row of `filled`: 1 where the station counted on the day itself. */
  readonly counted: Uint8Array;
}

/**
 * The newest count before day - 1 is that of day - 1 once every silent day repeats the count before it, and the same
 * holds for day - 7: so counts are carried forward from a week before the window on, and lags looked up as always.
 */
function carriedForward(
  table: TrainingTable,
  { from, to }: Window,
  isKnown: (station: number) => boolean,
): Carried {
  const newest = newestCounts(table, { from: plusDays(from, -7), to }, isKnown);
  const days = to - from + 8;
  const builder = new DailyCountsBuilder(days * newest.size);
  const counted: number[] = [];
  const indexOf = new Map(Array.from(table.days, (day, d) => [day, d]));
  for (let day = plusDays(from, -7); day <= to; day = plusDays(day, 1)) {
    const d = indexOf.get(day);
    const today = d === undefined ? new Map<number, number>() : countsOf(table, d);
    for (const [station, before] of newest) {
      const count = today.get(station);
      if (day >= from && d !== undefined && table.usable[d] === 1) counted.push(count === undefined ? 0 : 1);
      newest.set(station, count ?? before);
      builder.add(day, station, count ?? before);
    }
  }
  return { filled: tableOf(table, builder.build(), from), counted: Uint8Array.from(counted) };
}

/** Stations that count between the two days, ascending, with their newest count before the first of them. */
function newestCounts(
  table: TrainingTable,
  { from, to }: Pick<Window, "from" | "to">,
  isKnown: (station: number) => boolean,
): Map<number, number> {
  const [first, end] = [indexOfDay(table, from), indexOfDay(table, plusDays(to, 1))];
  const wanted = new Set<number>();
  for (let d = first; d < end; d++) {
    for (const station of countsOf(table, d).keys()) if (isKnown(station)) wanted.add(station);
  }
  const newest = new Map<number, number>();
  for (let d = first - 1; d >= 0 && newest.size < wanted.size; d--) {
    for (const [station, count] of countsOf(table, d)) {
      if (wanted.has(station) && !newest.has(station)) newest.set(station, count);
    }
  }
  return new Map([...newest].sort(([a], [b]) => a - b));
}

function countsOf({ start, station, count }: TrainingTable, d: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let entry = start[d] ?? 0; entry < (start[d + 1] ?? 0); entry++) {
    counts.set(station[entry] ?? 0, count[entry] ?? 0);
  }
  return counts;
}

/** A table of other counts, with the days' weather and holidays and the stations' places of this one. */
function tableOf(table: TrainingTable, counts: DailyCounts, from: Day): TrainingTable {
  const indexOf = new Map(Array.from(table.days, (day, d) => [day as Day, d]));
  const isTrue = (flags: Uint8Array, day: Day): boolean => flags[indexOf.get(day) ?? -1] === 1;
  const { coordinates, weather } = table;
  return trainingTable({
    counts,
    places: Array.from({ length: coordinates.length / 2 }, (_, station) => ({
      latitude: coordinates[2 * station] ?? Number.NaN,
      longitude: coordinates[2 * station + 1] ?? Number.NaN,
    })),
    weatherOf: (day) => weatherOf(weather, indexOf.get(day)),
    isUsable: (day) => day >= from && isTrue(table.usable, day),
    isHoliday: (day) => isTrue(table.holiday, day),
  });
}

function weatherOf(weather: Float32Array, d: number | undefined): DayWeather | undefined {
  if (d === undefined) return undefined;
  const [avgTemp = Number.NaN, precipitation = Number.NaN, wind = Number.NaN] = weather.subarray(3 * d);
  return { avgTemp, precipitation, wind };
}
