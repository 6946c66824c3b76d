import type { Waterfall } from "../../contract/trainer-report.ts";
import type { Exclusion } from "../../contract/spec/source.ts";
import { dayOf, type Day } from "../days.ts";
import { forEachRow } from "../features/lags.ts";
import { trainingTable, type StationPlace, type TrainingTable } from "../features/training-table.ts";
import type { DayWeather } from "./clean-weather.ts";
import { DailyCountsBuilder, filterCounts, forEachCount, type DailyCounts } from "./daily-counts.ts";
import { byteOrder, renameStations } from "./stations.ts";

export interface Station extends StationPlace {
  readonly id: string;
  readonly name?: string;
}

/** The history after cleaning: what the data gate judges and features are made of. */
export interface Cleaned {
  readonly table: TrainingTable;
  /** The stations of the table, ids in byte order: a station's index is its `station_id` feature. */
  readonly stations: readonly Station[];
  /** Counts after blacklist and exclusions, before weather and lags; stations by `countedStations`. */
  readonly counts: DailyCounts;
  readonly countedStations: readonly string[];
  readonly dropped: Pick<Waterfall, "blacklisted" | "excluded" | "no_weather" | "no_lag" | "training_rows">;
  readonly excluded: readonly { readonly why: string; readonly stationDays: number }[];
}

export interface CleanInput {
  readonly counts: DailyCounts;
  /** Ids by the station codes of `counts`. */
  readonly ids: readonly string[];
  readonly stationInfo: ReadonlyMap<string, Station>;
  readonly weatherOf: (day: Day) => DayWeather | undefined;
  readonly isHoliday: (day: Day) => boolean;
  readonly since: Day | undefined;
  readonly blacklist: readonly string[];
  readonly exclude: readonly Exclusion[];
  readonly allowPartialWeather: boolean;
}

/** Steps 3 to 5 of the cleaning: blacklist, exclusions, weather, lags. Counts are already one per station-day. */
export function clean(input: CleanInput): Cleaned {
  const inSpan = (day: Day): boolean => input.since === undefined || day >= input.since;
  const ordered = renameStations(input.counts, byteOrder(input.ids));
  const ids = byteOrder(input.ids).map((code) => input.ids[code] ?? "");

  const { kept: listed, blacklisted } = dropBlacklisted(ordered, ids, input.blacklist, inSpan);
  const { kept: counts, excluded } = dropExcluded(listed, ids, input.exclude, inSpan);
  const isUsable = (day: Day): boolean =>
    inSpan(day) && isKnown(input.weatherOf(day), input.allowPartialWeather);

  const training = onlyTrainingStations(counts, ids, isUsable);
  const stations = training.ids.map((id) => input.stationInfo.get(id) ?? unknownPlace(id));
  const table = trainingTable({ ...input, counts: training.counts, places: stations, isUsable });
  const inSpanDays = entriesWhere(counts, inSpan);
  const usable = entriesWhere(counts, isUsable);
  const rows = table.rowsBefore.at(-1) ?? 0;
  return {
    table,
    stations,
    counts,
    countedStations: ids,
    dropped: {
      blacklisted,
      excluded: excluded.reduce((total, { stationDays }) => total + stationDays, 0),
      no_weather: inSpanDays - usable,
      no_lag: usable - rows,
      training_rows: rows,
    },
    excluded,
  };
}

const unknownPlace = (id: string): Station => ({ id, latitude: Number.NaN, longitude: Number.NaN });

/** A day has weather only with temperature, precipitation and wind, unless a part is enough. */
export function isKnown(weather: DayWeather | undefined, partialIsEnough: boolean): boolean {
  if (weather === undefined) return false;
  const known = [weather.avgTemp, weather.precipitation, weather.wind].filter(
    (value) => !Number.isNaN(value),
  );
  return partialIsEnough ? known.length > 0 : known.length === 3;
}

function entriesWhere(counts: DailyCounts, wanted: (day: Day) => boolean): number {
  return counts.days.reduce(
    (total, day, d) => total + (wanted(day) ? (counts.start[d + 1] ?? 0) - (counts.start[d] ?? 0) : 0),
    0,
  );
}

function dropBlacklisted(
  counts: DailyCounts,
  ids: readonly string[],
  blacklist: readonly string[],
  inSpan: (day: Day) => boolean,
): { kept: DailyCounts; blacklisted: number } {
  const listed = new Set(blacklist);
  const isListed = ids.map((id) => listed.has(id));
  let blacklisted = 0;
  const kept = filterCounts(counts, (day, station) => {
    if (isListed[station] !== true) return true;
    if (inSpan(day)) blacklisted++;
    return false;
  });
  return { kept, blacklisted };
}

function dropExcluded(
  counts: DailyCounts,
  ids: readonly string[],
  exclude: readonly Exclusion[],
  inSpan: (day: Day) => boolean,
): { kept: DailyCounts; excluded: { why: string; stationDays: number }[] } {
  const rules = exclude.map(({ stations, from, to, why }) => ({
    why,
    stations: stations === undefined ? undefined : new Set(stations),
    from: from === undefined ? -Infinity : dayOf(from),
    to: to === undefined ? Infinity : dayOf(to),
    stationDays: 0,
  }));
  const kept = filterCounts(counts, (day, station) => {
    const rule = rules.find(
      ({ stations, from, to }) => day >= from && day <= to && (stations?.has(ids[station] ?? "") ?? true),
    );
    if (rule !== undefined && inSpan(day)) rule.stationDays++;
    return rule === undefined;
  });
  return { kept, excluded: rules.map(({ why, stationDays }) => ({ why, stationDays })) };
}

/** Without the stations that have no training row: the feature `station_id` counts training ids only. */
function onlyTrainingStations(
  counts: DailyCounts,
  ids: readonly string[],
  isUsable: (day: Day) => boolean,
): { counts: DailyCounts; ids: string[] } {
  const index = new Int32Array(ids.length).fill(-1);
  forEachRow(
    counts,
    { stations: ids.length, isUsable: (d) => isUsable(counts.days[d] ?? (0 as Day)) },
    (_d, entry) => {
      index[counts.station[entry] ?? 0] = 0;
    },
  );
  const training = ids.filter((_, station) => index[station] === 0);
  let next = 0;
  for (const station of ids.keys()) if (index[station] === 0) index[station] = next++;
  const kept = new DailyCountsBuilder(counts.count.length);
  forEachCount(counts, (day, station, count) => {
    const renamed = index[station] ?? -1;
    if (renamed !== -1) kept.add(day, renamed, count);
  });
  return { counts: kept.build(), ids: training };
}
