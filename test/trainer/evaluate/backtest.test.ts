import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import winston from "winston";

import type { StageName } from "../../../contract/stages.ts";
import type { Parameters, TrainingReport } from "../../../contract/trainer-report.ts";
import { ensureLibrary } from "../../../hack/setup.ts";
import { lastDays } from "../../../trainer/evaluate/window.ts";
import type { TrainingTable } from "../../../trainer/features/training-table.ts";
import { ProgressMeter, type Progress } from "../../../trainer/progress.ts";
import { newDraft, StageRecorder, type Draft } from "../../../trainer/report/draft.ts";
import {
  backtestStage,
  beginBacktest,
  planBacktest,
  type BacktestWork,
} from "../../../trainer/stages/backtest.ts";
import { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { cleanedOf, constant, everyDay, input, mildDay, report } from "../../support/builders.ts";
import { publishedModel } from "../champion/published-city.ts";
import {
  backtestSearch,
  backtestTable,
  changedFrom,
  deep,
  maeAlone,
  shallow,
  stations,
} from "./backtest-city.ts";

jest.setTimeout(60_000); // Training threads take a second to start where the machine is busy.

const table = backtestTable();
let libraryPath: string;
let pool: TrainingPool;

const poolOn = (data: TrainingTable): Promise<TrainingPool> =>
  TrainingPool.start({
    libraryPath,
    workers: 2,
    sourceModule: new URL("../../../trainer/features/source.ts", import.meta.url).href,
    data,
    maxBin: 64,
  });

beforeAll(async () => {
  libraryPath = (await ensureLibrary(() => undefined)).path;
  pool = await poolOn(table);
}, 300_000);
afterAll(() => pool[Symbol.asyncDispose]());

/** A version whose run chose these parameters; nothing else of it is asked for. */
function championWith(winner: Parameters): BacktestWork["champion"] {
  const training: TrainingReport = {
    grid: [],
    winner,
    folds: [],
    seed: 0,
    threads: 1,
    gridRounds: 0,
    kernelSeconds: 0,
    libraryVersion: "3.4.1",
  };
  const city = { table, stations: [], ids: [] };
  return { ...publishedModel(city, new Uint8Array()), report: report({ training }) };
}

interface Result extends Draft {
  readonly shown: readonly Progress[];
}

/** What the stage leaves in the report, and what it shows meanwhile. */
async function backtested(work: Partial<BacktestWork> = {}, backtestWindows = 3, begun = 0): Promise<Result> {
  const [draft, shown, seconds]: [Draft, Progress[], () => number] = [newDraft(), [], () => 0];
  const log = winston.createLogger({ silent: true });
  const meter = new ProgressMeter(
    { show: (progress) => shown.push(progress), clear: () => undefined },
    seconds,
  );
  const stages = new StageRecorder(draft, log, meter, seconds);
  const spec = { gate: { backtestWindows }, checks: { minRows: 100 } };
  const history = work.history ?? { table };
  const run = { input: input(spec), threads: 2, draft, stages, meter };
  const whole = {
    search: backtestSearch(history.table),
    pool,
    champion: undefined,
    window: lastDays(history.table, 28),
    compareRecipes: false,
    ...work,
    history,
  };
  const plan = planBacktest(run, whole);
  beginBacktest(run, whole, plan, { count: begun, nthread: 1 });
  await backtestStage(run, whole, plan);
  return { ...draft, shown };
}

describe("backtestStage()", () => {
  test("tries each window with a model trained on all rows before it, and parameters of earlier folds", async () => {
    const { backtest = [], backtestSkipped, stages } = await backtested();
    const newest = { from: "2025-09-01", to: "2025-09-28", days: 28, rows: 28 * stations + 14 };
    const folds = "folds that end before the window";
    expect(backtest).toEqual([
      expect.objectContaining({
        window: newest,
        trainedRows: 944,
        parameters: shallow,
        parametersFrom: `${folds}: 2`,
      }),
      expect.objectContaining({ trainedRows: 832, parameters: deep, parametersFrom: `${folds}: 1` }),
      expect.objectContaining({ trainedRows: 720, parameters: deep, parametersFrom: `${folds}: 1` }),
    ]);
    expect(backtestSkipped).toBeUndefined();
    expect(stages).toEqual([
      { name: "backtest", seconds: 0, rows: 28 * 3 * stations + 14, rounds: 12 + 20 + 20 },
    ]);
  });

  test("scores as each model would by itself, without stations that it cannot know", async () => {
    const { backtest = [] } = await backtested();
    for (const { trainedRows: from, window, parameters, candidate, naive, skillPercent } of backtest) {
      expect(candidate.n).toBe(28 * stations);
      expect(naive.n).toBe(28 * stations);
      expect(candidate.mae).toBeCloseTo(
        await maeAlone(table, pool, { from, to: from + window.rows }, parameters),
        9,
      );
      expect(skillPercent).toBeCloseTo(100 * (1 - candidate.mae / naive.mae), 9);
    }
    expect(backtest).toHaveLength(3);
  });
});

describe("the champion's parameters", () => {
  test("are tried on the same rows, and not trained twice where they are the candidate's", async () => {
    const champion = championWith(shallow);
    const { backtest = [], stages } = await backtested({ champion, compareRecipes: true });
    const errors = backtest.map(({ candidate, championRecipe }) => [candidate.mae, championRecipe?.mae]);
    const alone = (from: number): Promise<number> =>
      maeAlone(table, pool, { from, to: from + 28 * stations }, shallow);
    const [newest = NaN, second = NaN, third = NaN] = errors.map(([, ofChampion]) => ofChampion);
    expect(newest).toBe(errors[0]?.[0]);
    expect([second, third]).toEqual([await alone(832), await alone(720)]);
    expect(second).not.toBeCloseTo(errors[1]?.[0] ?? NaN, 3);
    expect(stages[0]?.rounds).toBe(12 + 20 + 12 + 20 + 12);
  });

  test("are not tried when nobody asks", async () => {
    const { backtest = [], stages } = await backtested({ champion: championWith(shallow) });
    expect(backtest.map(({ championRecipe }) => championRecipe)).toEqual([undefined, undefined, undefined]);
    expect(stages[0]?.rounds).toBe(52);
  });
});

describe("the stage backtest", () => {
  test("shows the rounds of all models together", async () => {
    const { shown } = await backtested();
    const stage: StageName = "backtest";
    expect(shown[0]).toMatchObject({ stage, done: 0, total: undefined });
    expect(shown.at(-1)).toMatchObject({ stage, done: 52, total: 52 });
    const done = shown.map((progress) => progress.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
  });

  test("counts the rounds of models that were begun beside the evaluation", async () => {
    const { shown, backtest } = await backtested({}, 3, 2);
    expect(shown.at(-1)).toMatchObject({ stage: "backtest", done: 52, total: 52 });
    expect(backtest).toEqual((await backtested()).backtest);
  });

  test("says which windows it leaves out, and why", async () => {
    const { backtest, backtestSkipped } = await backtested({}, 4);
    expect(backtest).toHaveLength(3);
    expect(backtestSkipped).toEqual([expect.stringContaining("2025-06-09 to 2025-07-06: rows of 152 days")]);
  });

  test("does nothing when no window is asked for", async () => {
    const { backtest, backtestSkipped, stages } = await backtested({}, 0);
    expect([backtest, backtestSkipped, stages]).toEqual([undefined, undefined, []]);
  });
});

/** The models that the stage trains on a table, by the rows they were trained on. */
async function modelsOn(
  data: TrainingTable,
  training: TrainingPool,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const models = new Map<number, Uint8Array>();
  const recorded: BacktestWork["pool"] = {
    fit: async (plan, onProgress) => {
      const fitted = await training.fit(plan, onProgress);
      models.set(plan.range.to, fitted.model);
      return fitted;
    },
    predict: training.predict.bind(training),
  };
  await backtested({ history: { table: data }, pool: recorded });
  return models;
}

test("no count of a window, or after it, reaches the model that is tried on it", async () => {
  const secondWindow = 832; // Its first row, and the end of what its model is trained on.
  const changed = changedFrom(table, secondWindow);
  await using training = await poolOn(changed);
  const [before, after] = [await modelsOn(table, pool), await modelsOn(changed, training)];
  const isSame = (trainedRows: number): boolean =>
    Buffer.compare(before.get(trainedRows) ?? Buffer.of(0), after.get(trainedRows) ?? Buffer.of(1)) === 0;
  expect([720, secondWindow, 944].map(isSame)).toEqual([true, true, false]);
});

test("a window whose stations are all new cannot be scored, and is left out", async () => {
  const city = [
    ...everyDay("old", "2025-01-01", constant(100, 200)),
    ...everyDay("young", "2025-07-13", constant(100, 35)), // Its first row is of 2025-07-20, the day after the old one's last.
  ];
  const { table: young } = cleanedOf(city, { weatherOf: () => mildDay });
  await using training = await poolOn(young);
  const work = { history: { table: young }, pool: training, window: undefined };
  const { backtest, backtestSkipped } = await backtested(work, 2);
  expect(backtest).toEqual([]);
  expect(backtestSkipped).toEqual([
    expect.stringContaining("2025-06-22 to 2025-07-19: rows of 165 days lie before it"),
    "The backtest leaves out 2025-07-20 to 2025-08-16: no station with a row in it has one before it",
  ]);
});
