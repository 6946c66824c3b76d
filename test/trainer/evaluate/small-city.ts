import { ensureLibrary } from "../../../hack/setup.ts";
import { dayOf, dayOfWeek, dayText, plusDays, type Day } from "../../../trainer/days.ts";
import { clean } from "../../../trainer/clean/clean.ts";
import type { DayWeather } from "../../../trainer/clean/clean-weather.ts";
import { holidayCalendar } from "../../../trainer/features/holidays.ts";
import type { TrainingTable } from "../../../trainer/features/training-table.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { dailyCounts, type CountRow } from "../../support/builders.ts";

/** What differs from a city of six stations that all count on all of 150 days. */
export interface City {
  readonly stations?: number;
  readonly days?: number;
  /** `undefined` where the station was silent. */
  readonly count?: (day: Day, station: number, usual: number) => number | undefined;
  readonly weather?: (day: Day, usual: DayWeather) => DayWeather | undefined;
}

/** The city's first day; rows begin a week later. */
export const firstDay = dayOf("2026-01-01");

/** Ids and places of the city's stations, in byte order. */
export const cityStations = (stations: number) =>
  Array.from({ length: stations }, (_, s) => ({
    id: `station-${String.fromCodePoint(97 + s)}`,
    name: `Counter ${String(s)}`,
    latitude: 43.6 + 0.01 * s,
    longitude: 3.8 + 0.02 * s,
  }));

/** A cleaned history without randomness, in which weekday, weather, station and the days before all say something. */
export function cityHistory({ stations = 6, days = 150, count, weather }: City = {}): History {
  const places = cityStations(stations);
  const rows: CountRow[] = [];
  for (let day = firstDay; day < firstDay + days; day = plusDays(day, 1)) {
    for (const [s, { id }] of places.entries()) {
      const usual = usualCount(day, s);
      const found = count === undefined ? usual : count(day, s, usual);
      if (found !== undefined) rows.push([id, dayText(day), found]);
    }
  }
  const cleaned = clean({
    ...dailyCounts(rows),
    stationInfo: new Map(places.map((place) => [place.id, place])),
    weatherOf: (day) => (weather === undefined ? usualWeather(day) : weather(day, usualWeather(day))),
    isHoliday: holidayCalendar("FR"),
    since: undefined,
    blacklist: [],
    exclude: [],
    allowPartialWeather: false,
  });
  return { table: cleaned.table, stations: cleaned.stations, ids: cleaned.stations.map(({ id }) => id) };
}

const usualWeather = (day: Day): DayWeather => ({
  avgTemp: Math.fround(15 - 12 * Math.cos(day / 20)),
  precipitation: (day * 7) % 5,
  wind: 10 + ((day * 11) % 31),
});

function usualCount(day: Day, station: number): number {
  const weekday = dayOfWeek(day) > 4 ? 0.5 : 1;
  const { avgTemp, precipitation } = usualWeather(day);
  const level = (60 + 45 * station) * weekday * (1 + avgTemp / 40) * (precipitation > 2 ? 0.7 : 1);
  return Math.round(level) + ((day * 31 + station * 17) % 13);
}

/** Two training workers on a table. */
export const cityPool = async (table: TrainingTable, workers = 2): Promise<TrainingPool> =>
  TrainingPool.start({
    libraryPath: (await ensureLibrary(() => undefined)).path,
    workers,
    sourceModule: new URL("../../../trainer/features/source.ts", import.meta.url).href,
    data: table,
    maxBin: 256,
  });
