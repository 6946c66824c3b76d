import { given } from "../../contract/given.ts";
import type { BacktestWindow } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { leftOut } from "./backtest-cuts.ts";
import type { Cut, CutFit } from "./backtest-plan.ts";
import { trainedBefore } from "./judged.ts";
import { scoreRange } from "./score.ts";
import { rowsIn } from "./window.ts";

/** Raw predictions of each fit, one a row of its window. */
export type CutPredictions = ReadonlyMap<CutFit, Float32Array>;

/**
 * Scores each window on the stations that have a row before it: its model knows no others. A window without such a
 * station cannot be scored and is `skipped`, with a sentence.
 */
export function scoreCuts(
  table: TrainingTable,
  cuts: readonly Cut[],
  predictions: CutPredictions,
): { readonly scored: BacktestWindow[]; readonly skipped: string[] } {
  const results = cuts.map((cut) => ({ cut, result: scoreCut(table, cut, predictions) }));
  return {
    scored: results.filter(({ result }) => result.candidate.n > 0).map(({ result }) => result),
    skipped: results
      .filter(({ result }) => result.candidate.n === 0)
      .map(({ cut }) => leftOut(cut.window, "no station with a row in it has one before it")),
  };
}

function scoreCut(
  table: TrainingTable,
  { window, parametersFrom, candidate, recipe }: Cut,
  predictions: CutPredictions,
): BacktestWindow {
  const raw = {
    candidate: predicted(predictions, candidate),
    champion: recipe && predicted(predictions, recipe),
  };
  const scores = scoreRange(table, window.rows, raw, trainedBefore(table, window.rows.from));
  return {
    window: { from: dayText(window.from), to: dayText(window.to), days: window.days, rows: rowsIn(window) },
    trainedRows: window.rows.from,
    parameters: candidate.parameters,
    parametersFrom,
    candidate: scores.candidate,
    ...given({ championRecipe: scores.champion }),
    naive: scores.naive,
    skillPercent: scores.skillPercent,
  };
}

/** Missing predictions are NaN, which no metric hides. */
const predicted = (predictions: CutPredictions, fit: CutFit): Float32Array =>
  predictions.get(fit) ?? new Float32Array();
