import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { Parameters } from "../../../contract/trainer-report.ts";
import type { Day } from "../../../trainer/days.ts";
import { gateWindow, type Window } from "../../../trainer/evaluate/window.ts";
import { chosenBefore } from "../../../trainer/evaluate/chosen-before.ts";
import { bestOf, gridTable, type FoldScore } from "../../../trainer/search/candidates.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import { evaluateStage, type EvaluationParts } from "../../../trainer/stages/evaluate.ts";
import { cityRun, searched } from "./city-run.ts";
import { cityHistory, cityPool, firstDay, type City } from "./small-city.ts";

const days = 150;
const windowDays = 28;
const windowFrom = firstDay + days - windowDays;

/** The same city with other counts in the window, and so other lags, and with other weather there. */
const otherWindow = (change: (usual: number, day: Day, station: number) => number, warmer: number): City => ({
  days,
  count: (day, station, usual) => (day < windowFrom ? usual : change(usual, day, station)),
  weather: (day, { avgTemp, precipitation, wind }) =>
    day < windowFrom
      ? { avgTemp, precipitation, wind }
      : { avgTemp: avgTemp + warmer, precipitation: 9 - precipitation, wind: 3 * wind },
});
const usual = cityHistory({ days });
const changed: Readonly<Record<string, History>> = {
  "five times the counts": cityHistory(otherWindow((count) => 5 * count, 7)),
  "no counts at all": cityHistory(otherWindow(() => 0, -11)),
  "every day the opposite of what the lags say": cityHistory(
    otherWindow((_, day, station) => 60 + 60 * (day % 2 === 0 ? station : 5 - station), 3),
  ),
};

/** What a procedure hands to the gate: nothing of it may depend on the window. */
interface Tested {
  readonly model: Uint8Array;
  readonly parameters: Parameters;
  readonly parametersFrom: string;
}
type Procedure = (scene: EvaluationParts) => Promise<Tested>;

/** A run that has searched the history, for every change and, first, for none. */
const scenes = new Map<string, EvaluationParts>();
const workers = new AsyncDisposableStack();

beforeAll(async () => {
  for (const [change, history] of [["none", usual] as const, ...Object.entries(changed)]) {
    const pool = workers.use(await cityPool(history.table, 1));
    const search = await searched(cityRun(), history, pool);
    scenes.set(change, { history, pool, search, champion: undefined });
  }
}, 300_000);
afterAll(() => workers.disposeAsync());

/** Which parts of a procedure's result change with the window's counts, lags and weather. */
async function leaksOf(procedure: Procedure): Promise<string[]> {
  const [untouched, ...others] = scenes;
  if (untouched === undefined) throw new Error("There is no scene");
  const expected = await procedure(untouched[1]);
  const leaks: string[] = [];
  for (const [change, scene] of others) {
    const found = await procedure(scene);
    if (!Buffer.from(found.model).equals(expected.model)) leaks.push(`model: ${change}`);
    if (!isSame(found.parameters, expected.parameters)) leaks.push(`parameters: ${change}`);
    if (found.parametersFrom !== expected.parametersFrom) leaks.push(`parametersFrom: ${change}`);
  }
  return leaks;
}

const isSame = (a: Parameters, b: Parameters): boolean => JSON.stringify(a) === JSON.stringify(b);

const windowOf = (history: History): Window =>
  gateWindow(history.table, { championThrough: undefined, windowDays }) as Window;

/** The run's own procedure. */
const evaluated: Procedure = async (scene) => {
  const run = cityRun();
  const found = await evaluateStage(run, scene);
  if (found === undefined || run.draft.evaluation === undefined) throw new Error(run.draft.evaluationSkipped);
  const { parameters, parametersFrom } = run.draft.evaluation;
  return { model: found.candidate.model, parameters, parametersFrom };
};

/** Planted: trains on the window's first day too. */
const trainingOneDayTooFar: Procedure = async (scene) => {
  const tested = await evaluated(scene);
  const { maxDepth, learningRate, rounds } = tested.parameters;
  const parameters = { maxDepth, learningRate, seed: 0, nthread: 1 };
  const to = windowOf(scene.history).rows.from + scene.history.ids.length;
  return { ...tested, model: (await scene.pool.fit({ range: { from: 0, to }, parameters, rounds })).model };
};

/** Planted: lets every fold choose, the last of which is validated on the window. */
const choosingByAllFolds: Procedure = async (scene) => {
  const tested = await evaluated(scene);
  return { ...tested, parameters: bestOf(scene.search.table) ?? tested.parameters };
};

describe("a change of the window's counts, lags and weather", () => {
  test("is made in the window only", () => {
    for (const { table } of Object.values(changed)) {
      const { rows } = windowOf(usual);
      expect(windowOf({ ...usual, table }).rows).toEqual(rows);
      const entries = usual.table.start[windowFrom - firstDay] ?? 0;
      expect(table.count.slice(0, entries)).toEqual(usual.table.count.slice(0, entries));
      expect(table.count.slice(entries)).not.toEqual(usual.table.count.slice(entries));
    }
  });

  test("changes neither the tested candidate's bytes nor its parameters", async () => {
    const { parametersFrom } = await evaluated(scenes.get("none") as EvaluationParts);
    expect(parametersFrom).toBe("folds that end before the window: 2");
    expect(await leaksOf(evaluated)).toEqual([]);
  });

  test("is found in a model that was trained one day too far", async () => {
    const leaks = await leaksOf(trainingOneDayTooFar);
    expect(leaks).toEqual(Object.keys(changed).map((change) => `model: ${change}`));
  });

  test("is found in parameters that all folds chose", async () => {
    expect(await leaksOf(choosingByAllFolds)).toContainEqual(expect.stringMatching(/^parameters: /u));
  });
});

test("folds on the window do not choose between candidates that are equal on the folds before", () => {
  const scored = (maxDepth: number, ...foldRmse: number[]): FoldScore[] =>
    foldRmse.map((rmse, fold) => ({ maxDepth, learningRate: 0.1, rounds: 100, fold, rmse }));
  const fallback = { maxDepth: 9, learningRate: 0.3, rounds: 7 };
  const folds = timeSeriesFolds(400, 3);
  const chosen = [10, 90].map((last) => {
    const table = gridTable([...scored(3, 20, 20, 50), ...scored(5, 20, 20, last)], 3);
    return chosenBefore({ rows: { from: 310, to: 400 } }, { table, folds }, { fallback });
  });
  expect(chosen[0]).toEqual(chosen[1]);
  expect(chosen[0]?.parameters.maxDepth).toBe(3);
});
