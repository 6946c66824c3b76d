import type { DailyCounts } from "../clean/daily-counts.ts";
import type { Station } from "../clean/clean.ts";
import type { Waterfall } from "../../contract/trainer-report.ts";
import type { Day } from "../days.ts";

/** What the data gate looks at: the cleaned history before weather and lags take rows away, and what was read. */
export interface Facts {
  readonly asOf: Day;
  readonly readings: { readonly bikeCount: number; readonly weather: number; readonly countersInfo: number };
  readonly waterfall: Waterfall;
  readonly conflicts: { readonly counts: number; readonly weather: number };
  /** Counts of the span, one per station-day; stations by `ids`. */
  readonly counts: DailyCounts;
  readonly ids: readonly string[];
  readonly places: ReadonlyMap<string, Station>;
  readonly hasWeather: (day: Day) => boolean;
  /** The first day with weather, whether or not anything was counted on it. */
  readonly firstWeatherDay: Day | undefined;
  readonly predictedBytes: number;
  /** The container's memory limit, undefined where there is none. */
  readonly memoryLimitBytes: number | undefined;
}

/** "1,234" in messages, whatever the machine's locale. */
export const grouped = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 1 });

/** "1 day", "3 days". */
export const counted = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
