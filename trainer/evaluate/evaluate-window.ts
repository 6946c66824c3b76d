import { given } from "../../contract/given.ts";
import type { Evaluation, Metrics } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import { knowsDayBefore, predictWithDayBefore } from "./day-before-weather.ts";
import { maeDifference } from "./difference.ts";
import { forEachForecast, type Predictions } from "./forecasts.ts";
import type { IsJudged, StationTable } from "./judged.ts";
import { ErrorSums } from "./metrics.ts";
import type { Predictor } from "./predictions.ts";
import { namedError, scoreRange } from "./score.ts";
import { seriesOf, shownStations } from "./series.ts";
import { scoreServedLags } from "./served-lags.ts";
import { rowsIn, type Window } from "./window.ts";

/** What is compared, and where. */
export interface Comparison {
  readonly window: Window;
  /** For all rows of the window, judged or not. */
  readonly predictions: Predictions;
  /** model.ubj of the candidate, which was trained on rows before the window only. */
  readonly candidate: Uint8Array;
  readonly isCandidateStation: IsJudged;
  readonly isJudged: IsJudged;
  /** Of the resampled days. */
  readonly seed: number;
}

type Scored = Omit<Evaluation, "parameters" | "parametersFrom" | "trainedRows">;

/** Candidate, champion, mean(lag_1, lag_7) and lag_7 on the same rows of the window: those of the judged stations. */
export async function evaluateWindow(
  history: StationTable,
  comparison: Comparison,
  predictor: Predictor,
): Promise<Scored> {
  const { table, stations } = history;
  const { window, predictions, isJudged, seed } = comparison;
  const { days, unknown, ...scores } = scoreRange(table, window.rows, predictions, isJudged);
  const shown = shownStations(scores.stations);
  const [ofServedLags, ofPreviousDay] = await Promise.all([
    servedLags(history, comparison, predictor),
    previousDayWeather(history, comparison, predictor),
  ]);
  return given({
    ...scores,
    window: { from: dayText(window.from), to: dayText(window.to), days: window.days, rows: rowsIn(window) },
    difference: maeDifference(days, seed),
    unknownStations: unknown,
    unjudged: given({
      servedLags: ofServedLags,
      previousDayWeather: ofPreviousDay,
    }),
    months: [...scores.months],
    stations: scores.stations.map((station) => namedError(station, stations)),
    series: seriesOf(table, { range: window.rows, predictions }, shown, stations),
  });
}

async function servedLags(
  { table }: StationTable,
  { window, candidate, isCandidateStation: isKnown }: Comparison,
  predictor: Predictor,
): Promise<Metrics | undefined> {
  return whereAny(await scoreServedLags(candidate, table, { window, isKnown }, predictor));
}

async function previousDayWeather(
  { table }: StationTable,
  { window: { rows }, candidate, isJudged }: Comparison,
  predictor: Predictor,
): Promise<Metrics | undefined> {
  const predictions = { candidate: await predictWithDayBefore(candidate, table, rows, predictor) };
  const [isKnown, sums] = [knowsDayBefore(table), new ErrorSums()];
  forEachForecast(table, rows, predictions, ({ day, station, actual, candidate: forecast }) => {
    if (isJudged(station) && isKnown(day)) sums.add(actual, forecast);
  });
  return whereAny(sums);
}

const whereAny = (sums: ErrorSums): Metrics | undefined => (sums.n === 0 ? undefined : sums.metrics());
