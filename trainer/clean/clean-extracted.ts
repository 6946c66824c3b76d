import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { Day } from "../days.ts";
import type { Extracted } from "../extract/extract.ts";
import { holidayCalendar } from "../features/holidays.ts";
import { cleanWeather, type SettledWeather } from "./clean-weather.ts";
import { clean, type Cleaned } from "./clean.ts";
import { settle, type Settled } from "./settle.ts";

export interface CleanedHistory {
  readonly settled: Settled;
  readonly weather: SettledWeather;
  readonly cleaned: Cleaned;
}

/** All steps of the cleaning on what one extraction has read. The log of readings is released on the way. */
export function cleanExtracted(
  { counts, weather: weatherRows, stations, ordered }: Extracted,
  { source, features, checks }: Pick<TrainerInput, "source" | "features" | "checks">,
  since: Day | undefined,
): CleanedHistory {
  const { ids } = counts.stations;
  const settled = settle(counts.log, {
    stations: ids.length,
    granularity: source.granularity.bikeCount,
    ordered: ordered.bikeCount,
    since,
  });
  counts.log.release();
  const weather = cleanWeather(weatherRows.weather, {
    granularity: source.granularity.weather,
    ordered: ordered.weather,
  });
  const cleaned = clean({
    counts: settled.counts,
    ids,
    stationInfo: stations,
    weatherOf: (day) => weather.byDay.get(day),
    isHoliday: holidayCalendar(features.holidayCountry),
    since,
    blacklist: source.blacklist,
    exclude: source.exclude,
    allowPartialWeather: checks.allowPartialWeather,
  });
  return { settled, weather, cleaned };
}
