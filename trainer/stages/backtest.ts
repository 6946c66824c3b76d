import { given } from "../../contract/given.ts";
import type { PublishedModel } from "../champion/published-model.ts";
import { backtestCuts } from "../evaluate/backtest-cuts.ts";
import { fitsOf, lanesOf, planCut, type Cut, type CutFit } from "../evaluate/backtest-plan.ts";
import { scoreCuts, type CutPredictions } from "../evaluate/backtest-score.ts";
import { rowsIn, type Window } from "../evaluate/window.ts";
import { rowsOf } from "../features/training-table.ts";
import type { Run } from "../run.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { History } from "./clean.ts";
import type { Search } from "./search.ts";
import { parametersOf } from "./work.ts";

/** What the stage needs of the run. */
export type BacktestRun = Pick<Run, "input" | "threads" | "draft" | "stages" | "meter">;

/** What a run has found before its procedure is tested on earlier days. */
export interface BacktestWork {
  readonly history: Pick<History, "table">;
  readonly search: Pick<Search, "table" | "folds">;
  readonly pool: Pick<TrainingPool, "fit" | "predict">;
  /** The gate window; the backtest's windows lie before it. */
  readonly window: Window | undefined;
  readonly champion: PublishedModel | undefined;
  /** Whether the champion's parameters are to be trained on the same rows too. */
  readonly compareRecipes: boolean;
}

/** Which models are trained for which windows. */
export interface BacktestPlan {
  readonly windows: readonly Window[];
  /** Why others were left out. */
  readonly skipped: readonly string[];
  readonly cuts: readonly Cut[];
  readonly fits: readonly CutFit[];
  /** Raw predictions of fits that were begun before the stage. */
  readonly begun: Map<CutFit, Promise<Float32Array>>;
}

export function planBacktest({ input }: BacktestRun, work: BacktestWork): BacktestPlan {
  const { windows, skipped } = backtestCuts(work.history.table, work.window, input);
  const recipes = {
    ...given({ champion: parametersOf(work.champion) }),
    fallback: input.training.fallback,
    compare: work.compareRecipes,
  };
  const cuts = windows.map((window) => planCut(window, work.search, recipes));
  return { windows, skipped, cuts, fits: fitsOf(cuts), begun: new Map() };
}

/** Starts the first fits beside the evaluation's, so that no core waits for it. */
export function beginBacktest(
  run: BacktestRun,
  { pool }: BacktestWork,
  { fits, begun }: BacktestPlan,
  { count, nthread }: { readonly count: number; readonly nthread: number },
): void {
  for (const fit of fits.slice(0, count)) {
    const predictions = predict(fit, { run, pool, nthread, show: () => undefined });
    predictions.catch(() => undefined); // The stage hears of it, unless the run fails before.
    begun.set(fit, predictions);
  }
}

/**
 * Tests this run's procedure on earlier windows, each with a model that was trained on all rows before it, with
 * parameters that only earlier folds chose.
 */
export async function backtestStage(
  run: BacktestRun,
  work: BacktestWork,
  plan: BacktestPlan = planBacktest(run, work),
): Promise<void> {
  const { draft } = run;
  const { windows, skipped, cuts, fits } = plan;
  if (skipped.length > 0) draft.backtestSkipped = [...skipped];
  if (windows.length === 0) return;
  await run.stages.run(
    "backtest",
    async () => {
      const result = scoreCuts(work.history.table, cuts, await predictionsOf(plan, run, work));
      draft.backtest = result.scored;
      if (result.skipped.length > 0) draft.backtestSkipped = [...skipped, ...result.skipped];
    },
    () => ({ rows: windows.reduce((sum, window) => sum + rowsIn(window), 0), rounds: roundsOf(fits) }),
  );
}

const roundsOf = (fits: readonly CutFit[]): number =>
  fits.reduce((sum, { parameters }) => sum + parameters.rounds, 0);

/** Trains every model and keeps only its predictions. */
async function predictionsOf(
  { fits, begun }: BacktestPlan,
  run: BacktestRun,
  { history, pool }: BacktestWork,
): Promise<CutPredictions> {
  const { lanes, nthread } = lanesOf(fits.length, { rows: rowsOf(history.table), threads: run.threads });
  const training = { run, pool, nthread, show: meter(fits, run) };
  const predictions = new Map<CutFit, Float32Array>();
  const waiting = [...fits];
  const lane = async (): Promise<void> => {
    for (let fit = waiting.shift(); fit !== undefined; fit = waiting.shift()) {
      predictions.set(fit, await (begun.get(fit) ?? predict(fit, training)));
      training.show(fit, fit.parameters.rounds);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return predictions;
}

interface Training {
  readonly run: BacktestRun;
  readonly pool: BacktestWork["pool"];
  readonly nthread: number;
  readonly show: (fit: CutFit, rounds: number) => void;
}

async function predict(fit: CutFit, { run, pool, nthread, show }: Training): Promise<Float32Array> {
  const { rows } = fit.window;
  const { maxDepth, learningRate, rounds } = fit.parameters;
  const parameters = { maxDepth, learningRate, seed: run.input.training.seed, nthread };
  const { model } = await pool.fit({ range: { from: 0, to: rows.from }, parameters, rounds }, (done) => {
    show(fit, done);
  });
  return pool.predict(model, rows, nthread);
}

/** Shows the rounds of all fits together. */
function meter(fits: readonly CutFit[], run: BacktestRun): Training["show"] {
  const done = new Map<CutFit, number>();
  return (fit, rounds) => {
    done.set(fit, rounds);
    run.meter.report(
      done.values().reduce((sum, value) => sum + value, 0),
      roundsOf(fits),
    );
  };
}
