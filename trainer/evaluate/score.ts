import type { Evaluation, Metrics, StationError } from "../../contract/trainer-report.ts";
import type { Station } from "../clean/clean.ts";
import { columnOf } from "../features/names.ts";
import { FeatureSource, type RowRange } from "../features/source.ts";
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
  const total = { candidate: new ErrorSums(), naive: new ErrorSums(), lastWeek: new ErrorSums() };
  const perStation = stations.map(() => ({ candidate: new ErrorSums(), naive: new ErrorSums() }));
  let row = 0;
  const source = new FeatureSource(table, range, batchRows);
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    const { values, stride, labels } = batch;
    for (let r = 0; r < batch.rows; r++, row++) {
      const actual = labels[r] ?? Number.NaN;
      const candidate = served(predictions[row] ?? Number.NaN);
      const [yesterday, lastWeek] = [values[lag1 * stride + r] ?? 0, values[lag7 * stride + r] ?? 0];
      const naive = served((yesterday + lastWeek) / 2);
      const ofStation = perStation[values[stationColumn * stride + r] ?? 0];
      for (const sums of [total, ofStation]) {
        sums?.candidate.add(actual, candidate);
        sums?.naive.add(actual, naive);
      }
      total.lastWeek.add(actual, served(lastWeek));
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

function worstFirst(
  sums: readonly { candidate: ErrorSums; naive: ErrorSums }[],
  stations: readonly Station[],
): StationError[] {
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
