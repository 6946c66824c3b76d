import type { DailyCounts } from "../clean/daily-counts.ts";
import type { Station } from "../clean/clean.ts";
import type { Waterfall } from "../../contract/trainer-report.ts";
import type { Day } from "../days.ts";

/** The current version, as far as new data are measured by it. */
export interface ChampionData {
  readonly version: string;
  /** Training rows, and stations that have any. */
  readonly rows: number;
  readonly stations: number;
  /** The last day with a training row. */
  readonly dataThrough: Day;
}

/** What the data gate looks at: the cleaned history before weather and lags take rows away, and what was read. */
export interface Facts {
  readonly asOf: Day;
  readonly readings: { readonly bikeCount: number; readonly weather: number; readonly countersInfo: number };
  readonly waterfall: Waterfall;
  readonly conflicts: { readonly counts: number; readonly weather: number };
  /** Counts of the span, one per station-day; stations by `ids`. */
  readonly counts: DailyCounts;
  readonly ids: readonly string[];
  /** Stations with training rows; `ids` may have more. */
  readonly trainingStations: number;
  /** The newest day with a reading, whether or not the cleaning kept it: it tells whether the import is alive. */
  readonly newestReading: Day | undefined;
  readonly places: ReadonlyMap<string, Station>;
  readonly hasWeather: (day: Day) => boolean;
  /** The first day with weather, whether or not anything was counted on it. */
  readonly firstWeatherDay: Day | undefined;
  readonly predictedBytes: number;
  /** The container's memory limit, undefined where there is none. */
  readonly memoryLimitBytes: number | undefined;
  /** Left out in a first run: there is nothing to compare with. */
  readonly champion?: ChampionData;
}

/** "1,234" in messages, whatever the machine's locale. */
export const grouped = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 1 });

/** "1 day", "3 days". */
export const counted = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
