import type { Granularity } from "../../contract/spec/source.ts";
import type { Day } from "../days.ts";
import type { WeatherLog } from "../extract/weather-log.ts";
import { forEachCell } from "./cells.ts";
import { hoursOf, latest, latestPerTime } from "./duplicates.ts";
import { fewestHours } from "./settle.ts";

/** The city's weather of one day; NaN is unknown. °C, mm, km/h. */
export interface DayWeather {
  readonly avgTemp: number;
  readonly precipitation: number;
  readonly wind: number;
}

export interface SettledWeather {
  readonly byDay: ReadonlyMap<Day, DayWeather>;
  readonly granularity: "daily" | "hourly";
  readonly multipleTimesShare: number;
  readonly conflicts: number;
}

interface Hours {
  readonly all: readonly number[];
  readonly perTime: readonly number[];
}

/**
 * One row of weather per day: duplicates as for counts, hours as mean, sum and extremes. A day with fewer than 20
 * hours of an hourly table is unknown. A missing mean is (max + min) / 2 where both exist.
 */
export function cleanWeather(
  weather: WeatherLog,
  options: { granularity: Granularity; ordered: boolean },
): SettledWeather {
  const days = new Map<Day, Hours>();
  let conflicts = 0;
  forEachCell(weather.log, 1, ({ day, positions }) => {
    days.set(day, { all: [...positions], perTime: latestPerTime(weather.log, positions) });
  });
  const multiple = [...days.values()].filter(({ perTime }) => perTime.length > 1).length;
  const multipleTimesShare = days.size === 0 ? 0 : multiple / days.size;
  const auto = multipleTimesShare > 0.5 ? "hourly" : "daily";
  const granularity = options.granularity === "auto" ? auto : options.granularity;

  const byDay = new Map<Day, DayWeather>();
  for (const [day, hours] of days) {
    if (!options.ordered && contradicts(weather, hours, granularity)) conflicts++;
    byDay.set(day, granularity === "daily" ? daily(weather, hours) : hourly(weather, hours));
  }
  return { byDay, granularity, multipleTimesShare, conflicts };
}

const valuesAt = (column: Float32Array, positions: readonly number[]): number[] =>
  positions.map((position) => column[position] ?? Number.NaN).filter((value) => !Number.isNaN(value));

const mean = (values: readonly number[]): number => sum(values) / values.length;
const sum = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((total, value) => total + value, 0);
const highest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : Math.max(...values);
const lowest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : Math.min(...values);

function daily(weather: WeatherLog, { all }: Hours): DayWeather {
  return hourly(weather, { all, perTime: [latest(weather.log, all)] }, 1);
}

function hourly(weather: WeatherLog, { perTime }: Hours, fewest = fewestHours): DayWeather {
  if (hoursOf(weather.log, perTime) < fewest) {
    return { avgTemp: Number.NaN, precipitation: Number.NaN, wind: Number.NaN };
  }
  const middle =
    (highest(valuesAt(weather.maxTemp, perTime)) + lowest(valuesAt(weather.minTemp, perTime))) / 2;
  const avgTemp = mean(valuesAt(weather.avgTemp, perTime));
  return {
    avgTemp: Math.fround(Number.isNaN(avgTemp) ? middle : avgTemp),
    precipitation: Math.fround(sum(valuesAt(weather.precipitation, perTime))),
    wind: Math.fround(highest(valuesAt(weather.wind, perTime))),
  };
}

function contradicts(weather: WeatherLog, hours: Hours, granularity: "daily" | "hourly"): boolean {
  const columns = [weather.avgTemp, weather.maxTemp, weather.minTemp, weather.precipitation, weather.wind];
  return hours.all.some((position, i) => {
    const before = hours.all[i - 1];
    if (before === undefined) return false;
    const duplicates = granularity === "daily" || weather.log.time(before) === weather.log.time(position);
    return duplicates && columns.some((column) => !Object.is(column[before], column[position]));
  });
}
