import { describe, expect, test } from "@jest/globals";

import { dayOf } from "../../../trainer/days.ts";
import { fitsOf, lanesOf, planCut, type Recipes } from "../../../trainer/evaluate/backtest-plan.ts";
import { gridTable } from "../../../trainer/search/candidates.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";

const of = (maxDepth: number) => ({ maxDepth, learningRate: 0.1, rounds: 100 });
const search = {
  table: gridTable(
    [...[10, 20].entries()].flatMap(([fold, rmse]) => [
      { ...of(5), fold, rmse },
      { ...of(3), fold, rmse: rmse + 1 },
    ]),
    2,
  ),
  folds: timeSeriesFolds(300, 2), // validated: 100-200, 200-300
};
const window = { from: dayOf("2026-09-01"), to: dayOf("2026-09-28"), days: 28, rows: { from: 250, to: 290 } };
const plan = (recipes: Partial<Recipes>) =>
  planCut(window, search, { fallback: of(9), compare: true, ...recipes });

describe("planCut()", () => {
  test("takes the parameters of folds that end before the window", () => {
    expect(plan({ champion: of(3) })).toEqual({
      window,
      parametersFrom: "folds that end before the window: 1",
      candidate: { window, parameters: of(5) },
      recipe: { window, parameters: of(3) },
    });
  });

  test("a champion with the same parameters needs no fit of its own", () => {
    const { candidate, recipe } = plan({ champion: of(5) });
    expect(recipe).toBe(candidate);
  });

  test.each<{ when: string; recipes: Partial<Recipes> }>([
    { when: "nobody asks", recipes: { champion: of(3), compare: false } },
    { when: "there is no champion", recipes: {} },
  ])("has no fit of the champion's recipe when $when", ({ recipes }) => {
    expect(plan(recipes)).not.toHaveProperty("recipe");
  });
});

describe("fitsOf()", () => {
  test("names every fit once, window by window", () => {
    const cuts = [plan({ champion: of(3) }), plan({ champion: of(5) }), plan({})];
    expect(fitsOf(cuts).map(({ parameters }) => parameters.maxDepth)).toEqual([5, 3, 5, 5]);
  });
});

describe("lanesOf()", () => {
  test.each([
    {
      says: "as many at once as there are threads",
      fits: 6,
      rows: 999_999,
      threads: 2,
      lanes: 2,
      nthread: 1,
    },
    { says: "no more than there are models", fits: 3, rows: 30_000, threads: 8, lanes: 3, nthread: 2 },
    {
      says: "one with all threads, where rows are many",
      fits: 6,
      rows: 1_000_000,
      threads: 4,
      lanes: 1,
      nthread: 4,
    },
    { says: "one after the other on one thread", fits: 3, rows: 30_000, threads: 1, lanes: 1, nthread: 1 },
  ])("$says", ({ fits, rows, threads, lanes, nthread }) => {
    expect(lanesOf(fits, { rows, threads })).toEqual({ lanes, nthread });
  });
});
