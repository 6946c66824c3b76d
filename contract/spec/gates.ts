import { z } from "zod";

import { checkNames, type CheckName } from "../checks.ts";
import { Percent } from "./words.ts";

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
  severity: z
    .partialRecord(z.enum(checkNames as [CheckName, ...CheckName[]]), Severity)
    .describe("Severity by check where it differs from the built-in one: error aborts, warning is reported"),
  recheck: z
    .strictObject({ everyHours: z.int().min(1).max(168), forDays: z.int().min(0).max(28) })
    .describe("How often and how long an aborted scheduled run is checked again"),
});
export type Checks = z.infer<typeof Checks>;

export const Gate = z.strictObject({
  mode: z
    .enum(["Enforce", "Warn", "Off"])
    .describe("Enforce refuses a worse candidate, Warn publishes and says so"),
  windowDays: z.int().min(7).max(366).describe("Days of the evaluation window when there is no champion"),
  minDays: z.int().min(1).max(366).describe("Shortest window that can be judged"),
  minWindowRows: z.int().min(1).max(1e7).describe("Fewest rows of a window that can be judged"),
  tolerancePercent: Percent.describe("How much worse than the champion's MAE is still allowed"),
  minSkillPercent: Percent.describe("How much better than the naive forecast the candidate must be"),
  maxWorseStationsPercent: Percent.describe("Most stations that may get clearly worse"),
  backtestWindows: z.int().min(0).max(12).describe("Windows of 28 days of the rolling backtest"),
});
export type Gate = z.infer<typeof Gate>;
