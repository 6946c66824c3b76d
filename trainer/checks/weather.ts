import { dayText, type Day } from "../days.ts";
import type { Check, Finding } from "./check.ts";
import { counted } from "./facts.ts";

const recentDays = 28;

/** Before the first weather day there is nothing to miss: those counts show in the waterfall only. */
export const weather: Check = ({ counts, hasWeather, firstWeatherDay }, { maxMissingWeatherPercent }) => {
  if (firstWeatherDay === undefined) return undefined;
  const days = counts.days.filter((day) => day >= firstWeatherDay);
  return days.length === 0 ? undefined : missing(days, hasWeather, maxMissingWeatherPercent);
};

export const recentWeather: Check = ({ counts, hasWeather }, { maxMissingWeatherPercent }) =>
  counts.days.length === 0
    ? undefined
    : missing(counts.days.slice(-recentDays), hasWeather, maxMissingWeatherPercent);

function missing(days: readonly Day[], hasWeather: (day: Day) => boolean, limitPercent: number): Finding {
  const without = days.filter((day) => !hasWeather(day));
  const percent = (100 * without.length) / days.length;
  const passed = percent <= limitPercent;
  const [first, last] = [days[0], days.at(-1)];
  const span = first === undefined || last === undefined ? "" : ` from ${dayText(first)} to ${dayText(last)}`;
  const newest = without.at(-1);
  return {
    passed,
    value: Math.round(percent * 10) / 10,
    limit: limitPercent,
    message:
      passed || newest === undefined
        ? `${counted(without.length, "count day")} of ${String(days.length)}${span} without weather`
        : `${counted(without.length, "count day")} of ${String(days.length)}${span} have no weather, the newest is ${dayText(newest)}; expected at most ${String(limitPercent)} %: import the missing weather`,
  };
}
