import { dayText } from "../days.ts";
import type { Check } from "./check.ts";
import { grouped } from "./facts.ts";
import { boundsOf, LevelSums, strain, worstOf, type Level } from "./level-sums.ts";
import { expectedDays, newDays, windowsOf, type DaySpan, type NewDays } from "./new-days.ts";

const week = 7;

/**
 * The fleet's level, over all judged days and in each week of them, so that a spoilt week shows inside a long span.
 * The worst of them is reported. Each is compared with the 8 weeks before and with the year before, and the baseline that
 * excuses more decides: a city may be empty in August, and may have grown by half in a year.
 */
export const level: Check = (facts, { minLevelPercent, maxLevelPercent }) => {
  const news = newDays(facts);
  if (news === undefined) return undefined;
  const bounds = boundsOf(minLevelPercent, maxLevelPercent);
  const spans = [news.judged, ...windowsOf(news.judged, week)];
  const levels = spans.flatMap((span) => {
    const found = fleetSums(news, span).mildest(bounds);
    return found === undefined ? [] : [{ ...found, span }];
  });
  const worst = worstOf(levels, bounds);
  if (worst === undefined) return undefined;
  const passed = strain(worst.ratio, bounds) <= 1;
  const limit = `${String(minLevelPercent)} to ${String(maxLevelPercent)}`;
  const found = foundIn(worst);
  return {
    passed,
    value: percentOf(worst),
    limit,
    message: passed
      ? found
      : `${found}, expected ${limit} %; correct the import of counts, or take a known outage out with source.exclude`,
  };
};

const percentOf = ({ ratio }: Level): number => Math.round(1000 * ratio) / 10;

function foundIn(found: Level & { readonly span: DaySpan }): string {
  const { span, actual, expected } = found;
  return `From ${dayText(span.from)} to ${dayText(span.to)} the stations counted ${grouped(actual)} a day on average, ${grouped(percentOf(found))} % of the ${grouped(expected)} that they counted earlier`;
}

function fleetSums(news: NewDays, span: DaySpan): LevelSums {
  const { station, count } = news.counts;
  const sums = new LevelSums();
  for (const { first, end, baselines } of expectedDays(news, span)) {
    const [eightWeeks, yearBefore] = baselines;
    for (let entry = first; entry < end; entry++) {
      const code = station[entry] ?? 0;
      sums.add(count[entry] ?? 0, eightWeeks[code] ?? NaN, yearBefore[code] ?? NaN);
    }
  }
  return sums;
}
