import { z } from "zod";

import { checkNames, type CheckName } from "../checks.ts";
import { Percent } from "./words.ts";

/** Percent that may lie above a hundred. */
const Factor = z.int().min(100).max(100000);
const Severity = z.enum(["error", "warning", "off"]);

/** Limits of the data gate; what each check looks at stands in the table of checks. */
export const Checks = z.strictObject({
  minRows: z.int().min(1).max(1e9).describe("Fewest training rows"),
  maxAgeDays: z.int().min(1).max(36500).describe("Oldest allowed newest count, in days before asOf"),
  maxMissingWeatherPercent: Percent.describe("Most count days without weather, overall and of the last 28"),
  allowPartialWeather: z
    .boolean()
    .describe("Keep days on which only one or two of temperature, precipitation and wind are known"),
  maxCoordinateMedians: z
    .int()
    .min(1)
    .max(10000)
    .describe("Farthest station from the fleet's centre, in multiples of the median distance"),
  maxStuckDays: z.int().min(2).max(365).describe("Longest run of one repeated non-zero count"),
  maxZeroDays: z.int().min(2).max(3650).describe("Longest run of zero counts"),
  partialDayPercent: Percent.describe(
    "A fleet total under this percent of the weeks around is a partial day",
  ),
  minRowsPercent: Percent.describe("Fewest training rows, in percent of the current version's"),
  minStationsPercent: Percent.describe(
    "Fewest stations with training rows, in percent of the current version's",
  ),
  minLevelPercent: Percent.describe("Lowest level of the fleet's new days, in percent of its earlier level"),
  maxLevelPercent: Factor.describe("Highest level of the fleet's new days, in percent of its earlier level"),
  minStationLevelPercent: Percent.describe(
    "A station, or station-day, below it, in percent of what is expected from its earlier level, is far off",
  ),
  maxStationLevelPercent: Factor.describe(
    "A station, or station-day, above it, in percent of what is expected from its earlier level, is far off",
  ),
  maxOffStationsPercent: Percent.describe("Most stations, and most station-days, that may be far off"),
  maxStuckPercent: Percent.describe(
    "Most station-days of a new week that may be zero or repeat the day before, beyond what is usual",
  ),
  severity: z
    .partialRecord(z.enum(checkNames as [CheckName, ...CheckName[]]), Severity)
    .describe(
      'Severity by check where it differs from the built-in one: error aborts, warning is reported, "off" (in quotes: YAML 1.1 reads off as false) is not looked at',
    ),
  recheck: z
    .strictObject({
      everyHours: z.int().min(1).max(168).describe("Hours between two checks"),
      forDays: z.int().min(0).max(28).describe("Days after the first; 0 for no further check"),
    })
    .describe("How often and how long an aborted scheduled run is checked again"),
});
export type Checks = z.infer<typeof Checks>;

export const Gate = z.strictObject({
  mode: z
    .enum(["Enforce", "Warn", "Off"])
    .describe(
      'Enforce refuses a worse candidate, Warn publishes and says so, "Off" (in quotes: YAML 1.1 reads Off as false) judges nothing',
    ),
  windowDays: z.int().min(7).max(366).describe("Days of the evaluation window when there is no champion"),
  minDays: z.int().min(1).max(366).describe("Shortest window that can be judged"),
  minWindowRows: z.int().min(1).max(1e7).describe("Fewest rows of a window that can be judged"),
  tolerancePercent: Percent.describe("How much worse than the champion's MAE is still allowed"),
  minSkillPercent: Percent.describe("How much better than the naive forecast the candidate must be"),
  maxWorseStationsPercent: Percent.describe("Most stations that may get clearly worse"),
  worseStationPercent: Factor.describe(
    "A station's MAE above so many percent of the champion's is clearly worse, if also by worseStationCounts",
  ),
  worseStationCounts: z
    .int()
    .min(0)
    .max(1e6)
    .describe("Smallest growth of a station's MAE that matters, counts a day"),
  backtestWindows: z.int().min(0).max(12).describe("Windows of 28 days of the rolling backtest"),
  maxBacktestLossPercent: Percent.describe(
    "How much worse than the naive forecast one backtest window may be",
  ),
  maxHistoryErrorPercent: Factor.describe(
    "Highest MAE of the champion on its own newest training days, in percent of what it was when published",
  ),
  maxNewDataErrorPercent: Factor.describe(
    "Highest MAE of the final model on the days before the window, in percent of the tested candidate's",
  ),
});
export type Gate = z.infer<typeof Gate>;
