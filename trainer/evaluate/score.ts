import type { Evaluation, Metrics, MonthError, StationError } from "../../contract/trainer-report.ts";
import type { Station } from "../clean/clean.ts";
import { dayText, type Day } from "../days.ts";
import type { RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { ComparedSums, GroupedSums, type Compared } from "./compared-sums.ts";
import { forEachForecast, type Forecast, type Predictions } from "./forecasts.ts";
import { ErrorSums } from "./metrics.ts";

/** One day's part of the difference between candidate and champion. */
export interface DayDifference {
  readonly rows: number;
  /** Sum of the candidate's absolute errors minus that of the champion's. */
  readonly absolute: number;
}

/** A scored station; `station` is its index in the table. */
export interface ScoredStation {
  readonly station: number;
  readonly meanCount: number;
  readonly errors: Compared;
}

export interface Scores extends Compared {
  readonly lastWeek: Metrics;
  readonly skillPercent: number;
  /** In the order of time. */
  readonly months: readonly MonthError[];
  /** The candidate's worst MAE first. */
  readonly stations: readonly ScoredStation[];
  /** In the order of time; empty without a champion. */
  readonly days: readonly DayDifference[];
  /** Rows of stations that are not judged: how many stations, and the naive forecast's error. */
  readonly unknown: Evaluation["unknownStations"];
}

/**
 * Compares raw predictions of a range with its counts, beside mean(lag_1, lag_7) and lag_7 on the same rows: those
 * of the stations that `isJudged` accepts. Metrics without any row are NaN.
 */
export function scoreRange(
  table: TrainingTable,
  range: RowRange,
  predictions: Predictions,
  isJudged: (station: number) => boolean = () => true,
): Scores {
  const sums = newSums();
  forEachForecast(table, range, predictions, (forecast) => {
    if (isJudged(forecast.station)) addJudged(sums, forecast);
    else addUnknown(sums, forecast);
  });
  return scoresOf(sums);
}

/** How much lower the candidate's MAE is than the naive one's; 0 where nothing can be lower. */
const skillPercent = ({ candidate, naive }: Pick<Compared, "candidate" | "naive">): number =>
  naive.mae === 0 ? 0 : 100 * (1 - candidate.mae / naive.mae);

/** The report's line of a station. */
export const namedError = (
  { station, errors }: ScoredStation,
  stations: readonly Station[],
): StationError => ({ ...nameOf(stations[station]), days: errors.candidate.n, ...errors });

/** How the report names a station. */
export const nameOf = (station: Station | undefined): Pick<StationError, "station" | "name"> => ({
  station: station?.id ?? "",
  ...(station?.name === undefined ? {} : { name: station.name }),
});

const newSums = () => ({
  total: new ComparedSums(),
  lastWeek: new ErrorSums(),
  days: new Map<Day, DayDifference>(),
  months: new GroupedSums<string>(),
  monthOf: monthOfDays(),
  stations: new GroupedSums<number>(),
  unknown: new ErrorSums(),
  unknownStations: new Set<number>(),
});
type Sums = ReturnType<typeof newSums>;

/** `yyyy-mm` of a day; days come sorted, so the text of the last one is kept. */
function monthOfDays(): (day: Day) => string {
  let last: { day: Day; month: string } | undefined;
  return (day) => {
    if (last?.day !== day) last = { day, month: dayText(day).slice(0, 7) };
    return last.month;
  };
}

function addJudged({ total, lastWeek, days, months, monthOf, stations }: Sums, forecast: Forecast): void {
  total.add(forecast);
  lastWeek.add(forecast.actual, forecast.lastWeek);
  addDay(days, forecast);
  months.add(monthOf(forecast.day), forecast);
  stations.add(forecast.station, forecast);
}

function addUnknown({ unknown, unknownStations }: Sums, { actual, naive, station }: Forecast): void {
  unknown.add(actual, naive);
  unknownStations.add(station);
}

function addDay(days: Map<Day, DayDifference>, { day, actual, candidate, champion }: Forecast): void {
  if (champion === undefined) return;
  const { rows, absolute } = days.get(day) ?? { rows: 0, absolute: 0 };
  const difference = Math.abs(candidate - actual) - Math.abs(champion - actual);
  days.set(day, { rows: rows + 1, absolute: absolute + difference });
}

function scoresOf({ total, lastWeek, days, months, stations, unknown, unknownStations }: Sums): Scores {
  const compared = total.metrics();
  return {
    ...compared,
    lastWeek: lastWeek.metrics(),
    skillPercent: skillPercent(compared),
    months: months.entries().map(([month, sums]) => ({ month, ...sums.metrics() })),
    stations: worstFirst(stations),
    days: [...days.values()],
    unknown: unknown.n === 0 ? undefined : { stations: unknownStations.size, naive: unknown.metrics() },
  };
}

const worstFirst = (stations: GroupedSums<number>): ScoredStation[] =>
  stations
    .entries()
    .map(([station, sums]) => ({ station, meanCount: sums.meanActual, errors: sums.metrics() }))
    .sort((a, b) => b.errors.candidate.mae - a.errors.candidate.mae || a.station - b.station);
