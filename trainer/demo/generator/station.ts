import { randomLogNormal, randomNormal } from "d3-random";

import type { Span } from "./fleet.ts";
import { weekdayFactors } from "./effects.ts";
import { randomStream, type Random } from "./random.ts";

/** A counter: what counters_info says about it and what decides its traffic. */
export interface Station {
  readonly id: string;
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
  /** Its mean count of a day in the first year, by weekday, Monday first. */
  readonly byWeekday: readonly number[];
  /** Days on which it counts zero: from inclusive, to exclusive; equal when there are none. */
  readonly stuck: { readonly from: number; readonly to: number };
}

const level = { mu: 5.83, sigma: 1.02 };
const weekendRatio = { median: 0.5, sigma: 0.44, least: 0.2, most: 1.46 };
const centre = { longitude: 3.877, latitude: 43.611, sd: 0.02 };
const stuckDays = { least: 19, most: 145 };

/** The station with this number, from its own stream: the number of other stations does not change it. */
export function station(seed: number, index: number, span: Span): Station {
  const random = randomStream(seed, `station/${String(index)}`);
  const offset = randomNormal.source(random)(0, centre.sd);
  const serial = String(Math.floor(random() * 1000)).padStart(3, "0") + String(index).padStart(5, "0");
  return {
    id: `urn:ngsi-ld:EcoCounter:X2H${serial}`,
    name: `Counter ${String(index + 1)}`,
    longitude: centre.longitude + offset(),
    latitude: centre.latitude + offset(),
    byWeekday: weekdayLevels(random),
    stuck: index % 10 === 3 ? stuckSpan(random, span) : { from: 0, to: 0 },
  };
}

/** Weekdays share the fleet's shape; how much of it is left at weekends tells commuters' streets from promenades. */
function weekdayLevels(random: Random): number[] {
  const base = randomLogNormal.source(random)(level.mu, level.sigma)();
  const drawn = randomLogNormal.source(random)(Math.log(weekendRatio.median), weekendRatio.sigma)();
  const ratio = Math.min(weekendRatio.most, Math.max(weekendRatio.least, drawn));
  const weekend = ratio / (mean(weekdayFactors.slice(5)) / mean(weekdayFactors.slice(0, 5)));
  const shape = weekdayFactors.map((factor, weekday) => (weekday < 5 ? factor : factor * weekend));
  return shape.map((factor) => (base * factor) / mean(shape));
}

function stuckSpan(random: Random, { first, last }: Span): { from: number; to: number } {
  const days = stuckDays.least + Math.floor(random() * (stuckDays.most - stuckDays.least + 1));
  const latest = Math.max(0, last - first - days - 60);
  const from = first + Math.floor(random() * latest);
  return { from, to: from + days };
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
