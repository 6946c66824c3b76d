import type { FeatureName } from "../features/names.ts";
import type { DataReport, Waterfall } from "../../contract/trainer-report.ts";
import type { StageName } from "../../contract/stages.ts";

/** What people call the doors through which a run comes. */
const doors: ReadonlyMap<string, string> = new Map([
  ["Schedule", "the monthly schedule"],
  ["Api", "the API"],
  ["Manual", "hand"],
]);
export const doorWords = (trigger: string): string => doors.get(trigger) ?? trigger;

const features = {
  station_id: "which counter",
  latitude: "where the counter stands, north",
  longitude: "where the counter stands, east",
  avg_temp: "mean temperature of the day",
  precipitation_mm: "rain and snow of the day",
  vent_max: "strongest wind of the day",
  day_of_week: "day of the week",
  day_of_year: "day of the year",
  month: "month",
  year: "year",
  is_weekend: "weekend or not",
  is_holiday: "public holiday or not",
  day_of_week_sin: "the week as a circle, sine",
  day_of_week_cos: "the week as a circle, cosine",
  month_sin: "the year as a circle, sine",
  month_cos: "the year as a circle, cosine",
  is_rainy: "rainy or not",
  is_cold: "cold or not",
  is_hot: "hot or not",
  is_windy: "windy or not",
  lag_1: "count of the day before",
  lag_7: "count of the week before",
} as const satisfies Record<FeatureName, string>;
const featureMap: ReadonlyMap<string, string> = new Map(Object.entries(features));
export const featureWords = (name: string): string => featureMap.get(name) ?? "";

/** Steps of the cleaning in their order; `summed` is what hours lose by becoming days. */
export const cleaningSteps = {
  bike_count: "Readings of the span",
  null_or_negative: "no value, or negative",
  duplicate: "duplicates",
  partial_day: "days of under 20 hours",
  summed: "summed into their day",
  blacklisted: "blacklisted counters",
  excluded: "excluded by request",
  no_weather: "no weather that day",
  no_lag: "no count 1 or 7 days ago",
  training_rows: "Training rows",
} as const satisfies Record<keyof Waterfall | "summed", string>;

/** The count of each step; what is neither the first nor the last was dropped. */
export const cleaningCounts = ({
  waterfall,
  summed,
}: DataReport): Record<keyof typeof cleaningSteps, number> => ({
  ...waterfall,
  summed,
});

export const stageWords = {
  open: "look at the volume",
  extract: "read the history",
  clean: "clean it",
  check: "check the data",
  search: "try all candidates",
  evaluate: "compare on the window",
  backtest: "compare on earlier windows",
  train: "train on all rows",
  verify: "read the written model again",
  report: "write the reports",
  publish: "make it current",
} as const satisfies Record<StageName, string>;
