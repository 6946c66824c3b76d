import type { Evaluation, Metrics, StationError } from "../../contract/trainer-report.ts";
import type { Station } from "../clean/clean.ts";
import { columnOf } from "../features/names.ts";
import { FeatureSource, type FeatureBatch, type RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { ErrorSums, served } from "./metrics.ts";

type Scores = Pick<Evaluation, "candidate" | "naive" | "lastWeek" | "skillPercent" | "stations">;

const batchRows = 8192;
const [stationColumn, lag1, lag7] = [columnOf("station_id"), columnOf("lag_1"), columnOf("lag_7")];

/** Compares raw predictions of a range with its counts, beside mean(lag_1, lag_7) and lag_7 on the same rows. */
export function scoreRange(
  table: TrainingTable,
  range: RowRange,
  predictions: Float32Array,
  stations: readonly Station[],
): Scores {
  const total = newSums();
  const perStation = stations.map(newSums);
  let row = 0;
  const source = new FeatureSource(table, range, batchRows);
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    for (let r = 0; r < batch.rows; r++, row++) {
      const forecasts = forecastsOf(batch, r, predictions[row] ?? Number.NaN);
      const ofStation = perStation[batch.values[stationColumn * batch.stride + r] ?? 0];
      if (ofStation === undefined) throw new RangeError(`Row ${String(row)} is of no known station`);
      addTo(total, forecasts);
      addTo(ofStation, forecasts);
    }
  }
  const [candidate, naive] = [total.candidate.metrics(), total.naive.metrics()];
  return {
    candidate,
    naive,
    lastWeek: total.lastWeek.metrics(),
    skillPercent: naive.mae === 0 ? 0 : 100 * (1 - candidate.mae / naive.mae),
    stations: worstFirst(perStation, stations),
  };
}

interface Forecasts {
  readonly actual: number;
  readonly candidate: number;
  readonly naive: number;
  readonly lastWeek: number;
}

function forecastsOf({ values, stride, labels }: FeatureBatch, r: number, prediction: number): Forecasts {
  const [yesterday, lastWeek] = [
    values[lag1 * stride + r] ?? Number.NaN,
    values[lag7 * stride + r] ?? Number.NaN,
  ];
  return {
    actual: labels[r] ?? Number.NaN,
    candidate: served(prediction),
    naive: served((yesterday + lastWeek) / 2),
    lastWeek: served(lastWeek),
  };
}

interface Sums {
  readonly candidate: ErrorSums;
  readonly naive: ErrorSums;
  readonly lastWeek: ErrorSums;
}

const newSums = (): Sums => ({
  candidate: new ErrorSums(),
  naive: new ErrorSums(),
  lastWeek: new ErrorSums(),
});

function addTo(sums: Sums, { actual, candidate, naive, lastWeek }: Forecasts): void {
  sums.candidate.add(actual, candidate);
  sums.naive.add(actual, naive);
  sums.lastWeek.add(actual, lastWeek);
}

function worstFirst(sums: readonly Sums[], stations: readonly Station[]): StationError[] {
  return sums
    .map((ofStation, i) => named(stations[i], ofStation.candidate.metrics(), ofStation.naive.metrics()))
    .filter(({ candidate }) => candidate.n > 0)
    .sort((a, b) => b.candidate.mae - a.candidate.mae);
}

const named = (station: Station | undefined, candidate: Metrics, naive: Metrics): StationError => ({
  station: station?.id ?? "",
  ...(station?.name === undefined ? {} : { name: station.name }),
  candidate,
  naive,
});
