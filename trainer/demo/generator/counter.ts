import { randomLogNormal, randomNormal } from "d3-random";

import type { Day } from "../../days.ts";
import { autoregression, randomStream, type Random } from "./random.ts";
import type { Station } from "./station.ts";

/** A row of bike_count; null where the reading came without a value. */
export interface Reading {
  readonly stationId: string;
  readonly intensity: number | null;
}

/** What all counters share on one day. */
export interface CityDay {
  readonly day: Day;
  /** Monday = 0. */
  readonly weekday: number;
  /** Season, weather and the city's mood of the day, as one factor. */
  readonly effect: number;
  readonly outage: boolean;
  /** Chance of a reading without a value. */
  readonly nullChance: number;
}

/** Appends a counter's readings of the day: none in a gap, two where it reported twice. */
export type Counter = (day: CityDay, into: Reading[]) => void;

const noise = { sd: 0.26, phi: 0.39 };
const driftPerYear = { least: 0.85, most: 1.14 };
const duplicates = { share: 0.009, conflicting: 0.43 };

/** Must be asked for every day of the span, in order. */
export function counter(seed: number, station: Station): Counter {
  const random = randomStream(seed, `readings/${station.id}`);
  const lognoise = autoregression(random, noise.phi, noise.sd);
  const drift = yearlyDrift(random);
  const silent = gaps(random);
  const forecastError = randomLogNormal.source(random)(0, 0.3);
  return (city, into) => {
    const mean = (station.byWeekday[city.weekday] ?? 0) * Math.exp(drift() + lognoise());
    if (silent()) return;
    const stuck = city.day >= station.stuck.from && city.day < station.stuck.to;
    const count = stuck ? 0 : Math.round(mean * city.effect);
    if (city.outage || random() < city.nullChance) {
      into.push({ stationId: station.id, intensity: null });
      return;
    }
    if (random() < duplicates.share) {
      const conflict = random() < duplicates.conflicting;
      into.push({
        stationId: station.id,
        intensity: conflict ? differing(count * forecastError(), count) : count,
      });
    }
    into.push({ stationId: station.id, intensity: count });
  };
}

/** A forecast that came before the reading, never equal to it. */
function differing(forecast: number, count: number): number {
  const rounded = Math.round(forecast);
  return rounded === count ? count + 1 : rounded;
}

/** The logarithm of how far the counter has drifted; each year has a ratio of its own. */
function yearlyDrift(random: Random): () => number {
  let position = 0;
  let slope = 0;
  let day = 0;
  return () => {
    if (day++ % 365 === 0) {
      const ratio = driftPerYear.least + random() * (driftPerYear.most - driftPerYear.least);
      slope = Math.log(ratio) / 365;
    }
    return (position += slope);
  };
}

/** True on days without any reading: one gap in two years, half of them longer than 8 days. */
function gaps(random: Random): () => boolean {
  const length = randomNormal.source(random)(Math.log(8), 0.7);
  let left = 0;
  return () => {
    if (left > 0) return left-- > 0;
    if (random() < 0.52 / 365.25) left = Math.min(60, Math.round(Math.exp(length())));
    return false;
  };
}
