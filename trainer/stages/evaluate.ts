import { given } from "../../contract/given.ts";
import type { Parameters } from "../../contract/trainer-report.ts";
import { championColumns } from "../champion/champion-columns.ts";
import { predictAsPublished } from "../champion/predict-as-published.ts";
import type { PublishedModel } from "../champion/published-model.ts";
import { dayOf, dayText } from "../days.ts";
import { lanesOf } from "../evaluate/backtest-plan.ts";
import { chosenBefore } from "../evaluate/chosen-before.ts";
import { evaluateWindow } from "../evaluate/evaluate-window.ts";
import type { Predictions } from "../evaluate/forecasts.ts";
import { judgedRows, trainedBefore, type IsJudged } from "../evaluate/judged.ts";
import { gateWindow, rowsIn, whyNotJudged, type Window } from "../evaluate/window.ts";
import { rowsOf } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import type { Fitted } from "../xgboost/messages.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { History } from "./clean.ts";
import type { Search } from "./search.ts";
import { parametersOf } from "./work.ts";

/** What the stage needs of the run. */
export type EvaluationRun = Pick<Run, "input" | "threads" | "draft" | "stages" | "meter">;

/** What a run has found before its procedure is tested. */
export interface EvaluationParts {
  readonly history: History;
  readonly search: Pick<Search, "table" | "folds">;
  readonly pool: TrainingPool;
  readonly champion: PublishedModel | undefined;
  /** Further fits that may run at the same time, where the table is small; told how many, with how many threads each. */
  readonly beside?: { readonly fits: number; readonly begin: (fits: number, nthread: number) => void };
}

/** What later rules of the gate ask about; the figures are in the report's `evaluation`. */
export interface Evaluated {
  readonly window: Window;
  /** The model that was tested: trained on the rows before the window. */
  readonly candidate: Fitted;
  /** The sentence why the window cannot decide, undefined when it can. */
  readonly undecided: string | undefined;
}

/**
 * Tests this run's procedure on days that it has not seen: a model trained only on the rows before the window, with
 * parameters that only earlier folds chose, beside the champion and forecasts without a model. The published model
 * is another one, trained on everything. Undefined when no such test is possible; the report then says why.
 */
export async function evaluateStage(
  run: EvaluationRun,
  parts: EvaluationParts,
): Promise<Evaluated | undefined> {
  const { window, stations, skipped, undecided } = planEvaluation(run, parts);
  if (window === undefined || skipped !== undefined) {
    run.draft.evaluationSkipped = `No evaluation: ${skipped ?? "there is no training row"}`;
    return undefined;
  }
  const candidate = await run.stages.run(
    "evaluate",
    () => compare(run, parts, window, stations),
    ({ rounds }) => ({ rows: rowsIn(window), rounds }),
  );
  return { window, candidate, undecided };
}

export interface EvaluationPlan {
  readonly window: Window | undefined;
  readonly stations: Stations;
  /** Why nothing can be evaluated. */
  readonly skipped: string | undefined;
  /** As of `Evaluated`. */
  readonly undecided: string | undefined;
}

/** Which days are evaluated, which stations count, and whether that can decide. */
export function planEvaluation(run: Pick<Run, "input">, parts: EvaluationParts): EvaluationPlan {
  const { table } = parts.history;
  const { gate } = run.input;
  const window = gateWindow(table, {
    championThrough: parts.champion && dayOf(parts.champion.preprocessor.dataThrough),
    windowDays: gate.windowDays,
  });
  const stations = judgedStations(parts, window);
  const judged = window === undefined ? { rows: 0, days: 0 } : judgedRows(table, window, stations.isJudged);
  const skipped = whyNot(window, judged.rows);
  return { window, stations, skipped, undecided: skipped ?? whyNotJudged(judged, gate) };
}

interface Stations {
  readonly isCandidateStation: IsJudged;
  readonly isJudged: IsJudged;
}

/** A station is judged when candidate and champion both have a number for it. */
function judgedStations({ history, champion }: EvaluationParts, window: Window | undefined): Stations {
  const isCandidateStation = trainedBefore(history.table, window?.rows.from ?? 0);
  if (champion === undefined) return { isCandidateStation, isJudged: isCandidateStation };
  const { knows } = championColumns(champion.preprocessor, history.stations);
  return { isCandidateStation, isJudged: (station) => isCandidateStation(station) && knows(station) };
}

function whyNot(window: Window | undefined, judgedRows: number): string | undefined {
  if (window === undefined) return undefined;
  const before = window.rows.from;
  if (rowsIn(window) === 0) {
    return `the current version has seen all days with a training row, through ${dayText(window.to)}`;
  }
  const days = `${dayText(window.from)} to ${dayText(window.to)}`;
  if (before === 0) return `no row lies before the window of ${days}`;
  return judgedRows > 0 ? undefined : `no station of the window of ${days} is known from before it`;
}

/** Trains the candidate of the evaluation and writes the comparison into the report. */
async function compare(
  run: EvaluationRun,
  parts: EvaluationParts,
  window: Window,
  stations: Stations,
): Promise<Fitted> {
  const { training } = run.input;
  const { parameters, parametersFrom } = chosenBefore(
    window,
    parts.search,
    given({ champion: parametersOf(parts.champion), fallback: training.fallback }),
  );
  const fitted = await fitBefore(run, parts, window, parameters);
  const predictor = { pool: parts.pool, nthread: run.threads };
  const predictions = await predictionsOf(run, parts, window, fitted.model);
  const candidate = { candidate: fitted.model, seed: training.seed };
  const comparison = { window, predictions, ...candidate, ...stations };
  run.draft.evaluation = {
    ...(await evaluateWindow(parts.history, comparison, predictor)),
    trainedRows: window.rows.from,
    parameters,
    parametersFrom,
  };
  return fitted;
}

function fitBefore(
  { input, threads, meter }: EvaluationRun,
  { pool, beside, history }: EvaluationParts,
  window: Window,
  { maxDepth, learningRate, rounds }: Parameters,
): Promise<Fitted> {
  const { lanes, nthread } = lanesOf(1 + (beside?.fits ?? 0), {
    rows: rowsOf(history.table),
    threads,
  });
  const parameters = { maxDepth, learningRate, seed: input.training.seed, nthread };
  const fitted = pool.fit({ range: { from: 0, to: window.rows.from }, parameters, rounds }, (done, total) => {
    meter.report(done, total);
  });
  beside?.begin(lanes - 1, nthread);
  return fitted;
}

/** Of the whole window, 4 bytes a row and model. Two models, so two workers may have them at once. */
async function predictionsOf(
  { threads }: EvaluationRun,
  { history, pool, champion }: EvaluationParts,
  window: Window,
  model: Uint8Array,
): Promise<Predictions> {
  const [candidate, published] = await Promise.all([
    pool.predict(model, window.rows, threads),
    champion && predictAsPublished(champion, history, window, { pool, nthread: threads }),
  ]);
  return { candidate, champion: published };
}
