import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import type { Evaluation } from "../../contract/trainer-report.ts";
import type { DayDifference } from "./score.ts";

const resamples = 1000;

/**
 * The candidate's MAE minus the champion's with its 95 % interval. Errors of one day share its weather and its events,
 * so whole days are drawn with replacement, as blocks (Künsch, The jackknife and the bootstrap for general stationary
 * observations, Ann. Statist. 17, 1989); the interval is that of the percentiles (Efron and Tibshirani, An
 * Introduction to the Bootstrap, 1993, chapter 13). Undefined without days.
 */
export function maeDifference(days: readonly DayDifference[], seed: number): Evaluation["difference"] {
  if (days.length === 0) return undefined;
  const random = xoroshiro128plus(seed);
  const draw = (): DayDifference => days[uniformInt(random, 0, days.length - 1)] ?? { rows: 0, absolute: 0 };
  const means = Float64Array.from({ length: resamples }, () => meanOf(days.map(draw))).sort();
  return { mae: meanOf(days), low: percentile(means, 2.5), high: percentile(means, 97.5) };
}

function meanOf(days: readonly DayDifference[]): number {
  const sums = { rows: 0, absolute: 0 };
  for (const { rows, absolute } of days) {
    sums.rows += rows;
    sums.absolute += absolute;
  }
  return sums.absolute / sums.rows;
}

/** Linear between the two nearest of the ascending values, as NumPy's default. */
function percentile(ascending: Float64Array, percent: number): number {
  const place = ((ascending.length - 1) * percent) / 100;
  const below = Math.floor(place);
  const [a, b] = [ascending[below] ?? Number.NaN, ascending[Math.ceil(place)] ?? Number.NaN];
  return a + (b - a) * (place - below);
}
