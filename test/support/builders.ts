import { Configuration, trainerInput } from "../../contract/configuration.ts";
import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { TrainerReport, Waterfall } from "../../contract/trainer-report.ts";
import type { Facts } from "../../trainer/checks/facts.ts";
import { clean, type CleanInput, type Cleaned } from "../../trainer/clean/clean.ts";
import type { DayWeather } from "../../trainer/clean/clean-weather.ts";
import { DailyCountsBuilder, forEachCount, type DailyCounts } from "../../trainer/clean/daily-counts.ts";
import { settle, type Settled } from "../../trainer/clean/settle.ts";
import { dayOf, dayText, plusDays, type Day } from "../../trainer/days.ts";
import { ReadingLog } from "../../trainer/extract/reading-log.ts";
import { WeatherLog, type WeatherValues } from "../../trainer/extract/weather-log.ts";

/** The input of a run whose spec names only what differs from the built-in defaults. */
export const input = (spec: RetrainRunSpec = {}): TrainerInput =>
  trainerInput(spec, Configuration.parse({}), "run-1");

export interface ReadingRow {
  readonly day: string;
  /** Local hour, fractions allowed. */
  readonly hour?: number;
  readonly station?: number;
  /** The order column; the row's place when not given. */
  readonly order?: bigint;
  readonly value?: number;
}

const microsecondsOfHour = 3_600_000_000;

const readingOf = ({ day, hour = 0, station = 0, order = 0n, value = 100 }: ReadingRow) => ({
  day: dayOf(day),
  station,
  time: (dayOf(day) * 24 + hour) * microsecondsOfHour,
  orderHigh: Number(BigInt.asIntN(32, order >> 32n)),
  orderLow: Number(BigInt.asUintN(32, order)),
  value,
});

/** Readings in the order in which they arrive. */
export function readingLog(rows: readonly ReadingRow[]): ReadingLog {
  const log = new ReadingLog();
  for (const [i, row] of rows.entries()) log.push(readingOf({ order: BigInt(i), ...row }));
  return log;
}

export type WeatherRow = Omit<ReadingRow, "station" | "value"> & Partial<WeatherValues>;

/** Weather rows in the order in which they arrive; what is not named is unknown. */
export function weatherLog(rows: readonly WeatherRow[]): WeatherLog {
  const log = new WeatherLog();
  const unknown = { avgTemp: NaN, maxTemp: NaN, minTemp: NaN, precipitation: NaN, wind: NaN };
  for (const [i, row] of rows.entries()) {
    log.push(readingOf({ order: BigInt(i), ...row }), { ...unknown, ...row });
  }
  return log;
}

/** One hour after the other, as many as asked for, starting at midnight. */
export const hours = (row: ReadingRow, count = 24): ReadingRow[] =>
  Array.from({ length: count }, (_, hour) => ({ ...row, hour }));

export type CountRow = readonly [id: string, day: string, count: number];

/** A station's counts of consecutive days. */
export const everyDay = (id: string, from: string, counts: readonly number[]): CountRow[] =>
  counts.map((count, i) => [id, dayText(plusDays(dayOf(from), i)), count]);

/** A constant number of counts, for `everyDay`. */
export const constant = (count: number, days: number): number[] => new Array<number>(days).fill(count);

/** Ids get their codes in the order of first appearance, as rows of a table do. */
export function dailyCounts(rows: readonly CountRow[]): { counts: DailyCounts; ids: string[] } {
  const ids = [...new Set(rows.map(([id]) => id))];
  const coded = rows.map(([id, day, count]) => ({ day: dayOf(day), station: ids.indexOf(id), count }));
  const builder = new DailyCountsBuilder(rows.length);
  for (const { day, station, count } of coded.sort((a, b) => a.day - b.day || a.station - b.station)) {
    builder.add(day, station, count);
  }
  return { counts: builder.build(), ids };
}

/** A mild, dry day without wind. */
export const mildDay: DayWeather = { avgTemp: 15, precipitation: 0, wind: 10 };

/** Cleans counts whose weather is always known, unless the test says otherwise. */
export const cleanedOf = (rows: readonly CountRow[], differs: Partial<CleanInput> = {}): Cleaned =>
  clean({
    ...dailyCounts(rows),
    stationInfo: new Map(),
    weatherOf: () => mildDay,
    isHoliday: () => false,
    since: undefined,
    blacklist: [],
    exclude: [],
    allowPartialWeather: false,
    ...differs,
  });

export const waterfall = (differs: Partial<Waterfall> = {}): Waterfall => ({
  bike_count: 5000,
  null_or_negative: 0,
  duplicate: 0,
  partial_day: 0,
  blacklisted: 0,
  excluded: 0,
  no_weather: 0,
  no_lag: 0,
  training_rows: 5000,
  ...differs,
});

/** Facts of which no check complains: the day after the newest count, weather on every day, no memory limit. */
export function facts(rows: readonly CountRow[], differs: Partial<Facts> = {}): Facts {
  const { counts, ids } = dailyCounts(rows);
  const places = new Map(ids.map((id) => [id, { id, latitude: 43.6, longitude: 3.9 }]));
  return {
    asOf: ((counts.days.at(-1) ?? 0) + 1) as Day,
    readings: { bikeCount: 5000, weather: 100, countersInfo: 10 },
    waterfall: waterfall(),
    conflicts: { counts: 0, weather: 0 },
    counts,
    ids,
    trainingStations: ids.length,
    newestReading: counts.days.at(-1),
    places,
    hasWeather: () => true,
    firstWeatherDay: dayOf("2020-01-01"),
    predictedBytes: 0,
    memoryLimitBytes: undefined,
    ...differs,
  };
}

/** The report of a run that published. */
export const report = (differs: Partial<TrainerReport> = {}): TrainerReport => ({
  schemaVersion: 1,
  runUid: "run-1",
  model: "bike-traffic",
  trigger: "Manual",
  verdict: "Published",
  reason: "NewVersion",
  message: "Version 20261201T010000Z-run1 is current",
  exitCode: 0,
  startedAt: "2026-12-01T01:00:00.000Z",
  finishedAt: "2026-12-01T01:01:00.000Z",
  checks: [],
  stages: [],
  peakMemoryBytes: 300 * 2 ** 20,
  lineage: { node: "v24.0.0" },
  ...differs,
});

type SettleOptions = Partial<Parameters<typeof settle>[1]>;

/** Settles readings as a daily table of three stations with an order column. */
export const settledOf = (rows: readonly ReadingRow[], differs: SettleOptions = {}): Settled =>
  settle(readingLog(rows), {
    stations: 3,
    granularity: "daily",
    ordered: true,
    since: undefined,
    ...differs,
  });

/** Counts as `2026-06-01 0: 48`: day, station and count. */
export function countTexts(counts: DailyCounts): string[] {
  const texts: string[] = [];
  forEachCount(counts, (day, station, count) => {
    texts.push(`${dayText(day)} ${String(station)}: ${String(count)}`);
  });
  return texts;
}
