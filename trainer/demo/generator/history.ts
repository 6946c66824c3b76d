import { randomNormal } from "d3-random";

import { civil, dayOf, dayOfWeek, dayText, plusDays, type Day } from "../../days.ts";
import { RunFailure } from "../../errors.ts";
import { holidayCalendar } from "../../features/holidays.ts";
import { counter, type Reading } from "./counter.ts";
import { seasonEffect, weatherEffect } from "./effects.ts";
import { fleetEvents, type Span } from "./fleet.ts";
import { randomStream } from "./random.ts";
import { station, type Station } from "./station.ts";
import { weatherChain, type Weather } from "./weather.ts";

/** What a synthetic history is made from; the same values give the same rows. */
export interface HistoryPlan {
  readonly stations: number;
  readonly years: number;
  readonly seed: number;
  /** `yyyy-mm-dd`, the newest day with counts. */
  readonly endDay: string;
}

export interface HistoryDay {
  readonly day: Day;
  /** `yyyy-mm-dd` */
  readonly date: string;
  readonly weather: Weather;
  readonly readings: readonly Reading[];
}

const cityNoise = 0.16;
const nullShare = 0.039;
const MEAN_WIND_KMH = 18.7;

/** First and last day of the plan. @throws RunFailure BadConfiguration for a plan that makes no sense */
export function spanOf({ stations, years, endDay }: HistoryPlan): Span {
  const last = dayOf(endDay);
  if (Number.isInteger(stations) && stations > 0 && years > 0 && Number.isInteger(last)) {
    return { first: plusDays(last, 1 - Math.round(years * 365.25)), last };
  }
  throw new RunFailure(
    "BadConfiguration",
    `Cannot generate ${String(stations)} stations over ${String(years)} years until ${endDay}: expected a whole number of stations of 1 or more, years above 0 and a day such as 2026-12-31`,
  );
}

/** All stations of the plan. */
export function stationsOf(plan: HistoryPlan): Station[] {
  const span = spanOf(plan);
  return Array.from({ length: plan.stations }, (_, index) => station(plan.seed, index, span));
}

/** The days of the plan with their weather, without any counts. */
export function* weatherDays(plan: HistoryPlan): Generator<Omit<HistoryDay, "readings">> {
  const { first, last } = spanOf(plan);
  const weatherOf = weatherChain(plan.seed);
  for (let day = first; day <= last; day = plusDays(day, 1)) {
    yield { day, date: dayText(day), weather: weatherOf(day) };
  }
}

/** The whole history day after day; only one day of it exists at a time. */
export function* history(plan: HistoryPlan): Generator<HistoryDay> {
  const span = spanOf(plan);
  const counters = stationsOf(plan).map((each) => counter(plan.seed, each));
  const fleet = fleetEvents(plan.seed, span);
  const isHoliday = holidayCalendar("FR");
  const mood = randomNormal.source(randomStream(plan.seed, "city"))(0, cityNoise);
  const nullChance = Math.max(0, nullShare - fleet.outage.size / (span.last - span.first + 1));
  for (const today of weatherDays(plan)) {
    const { day, weather } = today;
    const season = seasonEffect(civil(day), isHoliday(day));
    const effect = season * weatherEffect(weather, MEAN_WIND_KMH) * Math.exp(mood());
    const city = {
      day,
      weekday: dayOfWeek(day),
      effect: effect * (fleet.partial.get(day) ?? 1),
      outage: fleet.outage.has(day),
      nullChance,
    };
    const readings: Reading[] = [];
    for (const read of counters) read(city, readings);
    yield { ...today, readings };
  }
}
