import type { Evaluation, MonthError, StationError } from "../../../contract/trainer-report.ts";
import { dayOf, dayOfWeek, dayText, plusDays } from "../../../trainer/days.ts";
import { ErrorSums } from "../../../trainer/evaluate/metrics.ts";

const places = [
  ["Allée des Platanes", "Pont du Moulin", "Quai de la Gare", "Rue des Tanneurs", "Avenue de l’Océan"],
  ["Place du Marché", "Faubourg d'Été", "Chemin du Lez", "Boulevard Voltaire", "Route de Nîmes"],
].flat();

/** A counter of the made-up city: a third of them stand at quiet places. */
export interface Counter {
  readonly station: string;
  readonly name: string;
  readonly level: number;
}

/** Numbers that look random and are the same in every run, from −1 to 1. */
export const wobble = (seed: number): number => {
  const wave = Math.sin(seed * 127.1 + 311.7) * 43758.5453;
  return 2 * (wave - Math.floor(wave)) - 1;
};

export const counters = (howMany: number): Counter[] =>
  Array.from({ length: howMany }, (_, i) => ({
    station: `urn:ngsi-ld:EcoCounter:X2H${String(22043000 + 7 * i)}`,
    name: `Compteur Vélo ${places[i % places.length] ?? ""} ${String(1 + Math.floor(i / places.length))}`,
    level: 60 + 900 * Math.abs(wobble(i + 3)) ** 2 + (i < 4 ? 900 : 0),
  }));

/** One counted day of a counter and what each forecast said. */
export interface CountedDay {
  readonly counter: Counter;
  readonly day: string;
  readonly actual: number;
  readonly candidate: number;
  readonly champion: number;
  readonly naive: number;
  readonly lastWeek: number;
}

/** Counts of a window: weekends are quieter, every 13th counter was silent for a week. */
export function countedDays(fleet: readonly Counter[], from: string, days: number): CountedDay[] {
  return fleet.flatMap((counter, i) =>
    Array.from({ length: days }, (_, d) => d)
      .filter((d) => !(i % 13 === 5 && d >= 10 && d < 17))
      .map((d) => countedDay(counter, dayText(plusDays(dayOf(from), d)), i * 1000 + d)),
  );
}

function countedDay(counter: Counter, day: string, seed: number): CountedDay {
  const isWeekend = dayOfWeek(dayOf(day)) >= 5;
  const actual = Math.round(counter.level * (isWeekend ? 0.55 : 1) * (1 + 0.25 * wobble(seed)));
  // Some counters are harder to forecast than others, or the worst would be the biggest.
  const hard = 0.5 + Math.abs(wobble(Math.floor(seed / 1000) + 0.5));
  const guess = (spread: number, salt: number): number =>
    Math.max(0, Math.round(actual * (1 + spread * hard * wobble(seed + salt)) + 0.01 * counter.level));
  return {
    counter,
    day,
    actual,
    candidate: guess(0.28, 0.1),
    champion: guess(0.31, 0.2),
    naive: guess(0.45, 0.3),
    lastWeek: guess(0.47, 0.4),
  };
}

type Forecast = "candidate" | "champion" | "naive" | "lastWeek";

export function metricsOf(rows: readonly CountedDay[], forecast: Forecast) {
  const sums = new ErrorSums();
  for (const row of rows) sums.add(row.actual, row[forecast]);
  return sums.metrics();
}

const compared = (rows: readonly CountedDay[]) => ({
  candidate: metricsOf(rows, "candidate"),
  champion: metricsOf(rows, "champion"),
  naive: metricsOf(rows, "naive"),
});

const monthErrors = (rows: readonly CountedDay[]): MonthError[] =>
  [...Map.groupBy(rows, ({ day }) => day.slice(0, 7))]
    .map(([month, some]) => ({ month, ...compared(some) }))
    .sort((a, b) => (a.month < b.month ? -1 : 1));

const stationErrors = (rows: readonly CountedDay[]): StationError[] =>
  [...Map.groupBy(rows, ({ counter }) => counter)]
    .map(([{ station, name }, some]) => ({ station, name, days: some.length, ...compared(some) }))
    .sort((a, b) => b.candidate.mae - a.candidate.mae);

function seriesOf(rows: readonly CountedDay[], stations: readonly StationError[], fleet: readonly Counter[]) {
  const one = (station: string, shownAs: "worst" | "biggest") => {
    const some = rows.filter(({ counter }) => counter.station === station);
    const name = some[0]?.counter.name ?? "";
    const numbers = (field: "actual" | "candidate" | "champion"): number[] => some.map((row) => row[field]);
    return {
      station,
      name,
      shownAs,
      days: some.map(({ day }) => day),
      actual: numbers("actual"),
      candidate: numbers("candidate"),
      champion: numbers("champion"),
    };
  };
  const biggest = fleet.toSorted((a, b) => b.level - a.level);
  return [
    ...stations.slice(0, 5).map(({ station }) => one(station, "worst")),
    ...biggest.slice(0, 5).map(({ station }) => one(station, "biggest")),
  ];
}

/** The evaluation of a window, every number of it from the same made-up days. */
export function evaluationOf(fleet: readonly Counter[], from: string, days: number): Evaluation {
  const rows = countedDays(fleet, from, days);
  const [all, stations] = [compared(rows), stationErrors(rows)];
  const difference = all.candidate.mae - all.champion.mae;
  return {
    window: { from, to: dayText(plusDays(dayOf(from), days - 1)), days, rows: rows.length },
    trainedRows: 28_412,
    parameters: { maxDepth: 7, learningRate: 0.01, rounds: 500 },
    parametersFrom: "folds that end before the window: 2",
    ...all,
    lastWeek: metricsOf(rows, "lastWeek"),
    skillPercent: 100 * (1 - all.candidate.mae / all.naive.mae),
    difference: { mae: difference, low: difference - 2.1, high: difference + 1.8 },
    unknownStations: { stations: 2, naive: metricsOf(rows.slice(0, 80), "naive") },
    unjudged: {
      servedLags: metricsOf([...rows, ...rows.slice(0, 50)], "candidate"),
      previousDayWeather: metricsOf(rows, "champion"),
    },
    months: monthErrors(rows),
    stations,
    series: seriesOf(rows, stations, fleet),
  };
}
