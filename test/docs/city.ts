import { homedir } from "node:os";

import type { Observation } from "../../docs/examples/reader.ts";
import type { Cleaned } from "../../trainer/clean/clean.ts";
import { dayOf, dayText, plusDays, type Day } from "../../trainer/days.ts";
import { served } from "../../trainer/evaluate/metrics.ts";
import { holidayCalendar } from "../../trainer/features/holidays.ts";
import { allRows } from "../../trainer/features/source.ts";
import { cacheDirectory, findLibrary } from "../../trainer/xgboost/library.ts";
import { TrainingPool } from "../../trainer/xgboost/pool.ts";
import { cleanedOf, everyDay } from "../support/builders.ts";

/** A model of a small city, and what it predicts for each of the city's observations. */
export interface CityModel {
  readonly model: Uint8Array;
  readonly predictions: readonly number[];
}

export interface City {
  readonly stations: Cleaned["stations"];
  readonly observations: readonly Observation[];
  /** Two that differ in every prediction. */
  readonly models: readonly [CityModel, CityModel];
}

const ids = ["a", "b", "c", "d", "e"];
const first = dayOf("2026-03-02");
const days = 120;
const isHoliday = holidayCalendar("FR");

export async function trainCity(): Promise<City> {
  const { table, stations } = cleanedCity();
  await using pool = await TrainingPool.start({
    libraryPath: findLibrary({ cacheDir: cacheDirectory(process.env, homedir()) }).path,
    workers: 1,
    sourceModule: new URL("../../trainer/features/source.ts", import.meta.url).href,
    data: table,
    maxBin: 64,
  });
  const train = async (rounds: number): Promise<CityModel> => {
    const parameters = { maxDepth: 5, learningRate: 0.3, seed: 1, nthread: 1 };
    const { model } = await pool.fit({ range: allRows(table), parameters, rounds });
    const raw = await pool.predict(model, allRows(table));
    return { model, predictions: [...raw].map(served) };
  };
  return { stations, observations: observations(), models: [await train(40), await train(1)] };
}

/** Station e has no place; each seventh day has no wind. */
const cleanedCity = (): Cleaned =>
  cleanedOf(
    ids.flatMap((id) =>
      everyDay(
        id,
        dayText(first),
        Array.from({ length: days }, (_, i) => countOf(id, i)),
      ),
    ),
    {
      stationInfo: new Map(
        ids.slice(0, -1).map((id, i) => [id, { id, latitude: 43.6 + i / 97, longitude: 3.9 - i / 89 }]),
      ),
      weatherOf: (day) => weatherOf(day - first),
      isHoliday,
      allowPartialWeather: true,
    },
  );

/** What the rows of the training table were made of, in their order: by day, then by station. */
const observations = (): Observation[] =>
  Array.from({ length: days - 7 }, (_, i) => i + 7).flatMap((i) => ids.map((id) => observed(id, i)));

function observed(station: string, i: number): Observation {
  const { avgTemp, precipitation, wind } = weatherOf(i);
  const day = plusDays(first, i);
  return {
    station,
    date: dayText(day),
    avg_temp: avgTemp,
    precipitation_mm: precipitation,
    vent_max: Number.isNaN(wind) ? null : wind,
    is_holiday: isHoliday(day),
    lag_1: countOf(station, i - 1),
    lag_7: countOf(station, i - 7),
  };
}

/** Thousands, so that the model starts far from 0.5, and nothing that a mean of two days would give. */
function countOf(id: string, i: number): number {
  const weekday = ((first + i) as Day) % 7;
  const { avgTemp, precipitation } = weatherOf(i);
  return Math.round(1000 * (ids.indexOf(id) + 1) + 150 * weekday + 20 * avgTemp - 60 * precipitation);
}

const weatherOf = (i: number): { avgTemp: number; precipitation: number; wind: number } => ({
  avgTemp: 16 + 15.3 * Math.sin(i / 9),
  precipitation: (i * 7) % 11 < 3 ? ((i * 7) % 11) + 0.1 : 0,
  wind: i % 7 === 0 ? Number.NaN : 15 + ((i * 13) % 29),
});
