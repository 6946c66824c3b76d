import type { StationSeries } from "../../contract/trainer-report.ts";
import type { Station } from "../clean/clean.ts";
import { dayText } from "../days.ts";
import type { RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { forEachForecast, type Forecast, type Predictions } from "./forecasts.ts";
import { nameOf, type ScoredStation } from "./score.ts";

const each = 5;

interface Shown {
  readonly station: number;
  readonly shownAs: StationSeries["shownAs"];
}

/** The stations of the five worst MAEs, and the five biggest by mean count of the others. */
export function shownStations(worstFirst: readonly ScoredStation[]): Shown[] {
  const biggestFirst = worstFirst.toSorted((a, b) => b.meanCount - a.meanCount || a.station - b.station);
  const worst = new Set(worstFirst.slice(0, each).map(({ station }) => station));
  const biggest = biggestFirst.filter(({ station }) => !worst.has(station)).slice(0, each);
  return [
    ...Array.from(worst, (station) => ({ station, shownAs: "worst" as const })),
    ...biggest.map(({ station }) => ({ station, shownAs: "biggest" as const })),
  ];
}

/** Counts and served predictions of the shown stations, day by day; `range` and `predictions` are those scored. */
export function seriesOf(
  table: TrainingTable,
  { range, predictions }: { range: RowRange; predictions: Predictions },
  shown: readonly Shown[],
  stations: readonly Station[],
): StationSeries[] {
  const rows = new Map<number, Forecast[]>(shown.map(({ station }) => [station, []]));
  forEachForecast(table, range, predictions, (forecast) => rows.get(forecast.station)?.push(forecast));
  return shown.map(({ station, shownAs }) => {
    const ofStation = rows.get(station) ?? [];
    const champion = ofStation.flatMap(({ champion: value }) => (value === undefined ? [] : [value]));
    return {
      ...nameOf(stations[station]),
      shownAs,
      days: ofStation.map(({ day }) => dayText(day)),
      actual: ofStation.map(({ actual }) => actual),
      candidate: ofStation.map(({ candidate }) => candidate),
      ...(predictions.champion === undefined ? {} : { champion }),
    };
  });
}
