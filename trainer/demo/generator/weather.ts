import { randomLogNormal } from "d3-random";

import { civil, type Day } from "../../days.ts";
import { autoregression, randomStream } from "./random.ts";

/** One city's weather of one day: °C, mm, km/h. */
export interface Weather {
  readonly avgTemp: number;
  readonly precipitationMm: number;
  readonly ventMax: number;
}

const monthlyTemperatures = [7.4, 8.5, 11.2, 14.0, 17.4, 23.0, 25.3, 25.5, 19.9, 17.0, 11.3, 8.1];
const temperature = { phi: 0.75, sd: 2.6 };
const wetAfter = { wet: 0.54, dry: 0.23 };
/** Of the logarithm of the mm of a wet day: a median of 1.6 mm, one wet day in ten above 14 mm. */
const rain = { mu: 0.46, sigma: 1.7, mostMm: 80 };
const wind = { mean: 18.7, sd: 6.9 };

/** The weather day after day, without end; it depends on seed and first day only. */
export function weatherChain(seed: number): (day: Day) => Weather {
  const random = randomStream(seed, "weather");
  const warmer = autoregression(random, temperature.phi, temperature.sd);
  const shower = randomLogNormal.source(random)(rain.mu, rain.sigma);
  const blow = lognormalOf(random, wind);
  let wet = false;
  return (day) => {
    wet = random() < (wet ? wetAfter.wet : wetAfter.dry);
    return {
      avgTemp: tenth((monthlyTemperatures[civil(day).month - 1] ?? 0) + warmer()),
      precipitationMm: wet ? Math.max(0.1, tenth(Math.min(shower(), rain.mostMm))) : 0,
      ventMax: tenth(blow()),
    };
  };
}

/** A lognormal distribution with this mean and standard deviation: wind is never negative and sometimes a storm. */
function lognormalOf(random: () => number, { mean, sd }: { mean: number; sd: number }): () => number {
  const variance = Math.log(1 + (sd / mean) ** 2);
  return randomLogNormal.source(random)(Math.log(mean) - variance / 2, Math.sqrt(variance));
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
