import { describe, expect, test } from "@jest/globals";

import { chosenBefore } from "../../../trainer/evaluate/chosen-before.ts";
import { gridTable, type FoldScore } from "../../../trainer/search/candidates.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";

const scored = (maxDepth: number, ...foldRmse: number[]): FoldScore[] =>
  foldRmse.map((rmse, fold) => ({ maxDepth, learningRate: 0.1, rounds: 100, fold, rmse }));

describe("chosenBefore()", () => {
  const table = gridTable([...scored(3, 30, 10, 10), ...scored(5, 10, 40, 50)], 3);
  const folds = timeSeriesFolds(400, 3); // validated: 100-200, 200-300, 300-400
  const fallback = { maxDepth: 9, learningRate: 0.3, rounds: 7 };
  const champion = { maxDepth: 8, learningRate: 0.2, rounds: 5 };
  const before = (from: number, otherwise: Parameters<typeof chosenBefore>[2] = { fallback }) =>
    chosenBefore({ rows: { from, to: 400 } }, { table, folds }, otherwise);

  test.each([
    { from: 200, maxDepth: 5, parametersFrom: "folds that end before the window: 1" },
    { from: 299, maxDepth: 5, parametersFrom: "folds that end before the window: 1" },
    { from: 300, maxDepth: 3, parametersFrom: "folds that end before the window: 2" },
    { from: 400, maxDepth: 3, parametersFrom: "folds that end before the window: 3" },
    { from: 199, maxDepth: 9, parametersFrom: "training.fallback, for no fold ends before the window" },
  ])("a window from row $from: $parametersFrom", ({ from, maxDepth, parametersFrom }) => {
    expect(before(from)).toMatchObject({ parameters: { maxDepth }, parametersFrom });
  });

  test("the champion's parameters come before the configured ones, and after those of the folds", () => {
    expect(before(199, { champion, fallback })).toEqual({
      parameters: champion,
      parametersFrom: "the champion, for no fold ends before the window",
    });
    expect(before(200, { champion, fallback }).parameters.maxDepth).toBe(5);
  });

  test("a tie is none here: the lowest mean of the earlier folds wins over the champion", () => {
    const close = gridTable([...scored(3, 100), ...scored(5, 100.1)], 1);
    const search = { table: close, folds: timeSeriesFolds(200, 1) };
    const own = { maxDepth: 5, learningRate: 0.1, rounds: 100 };
    const { parameters } = chosenBefore({ rows: { from: 200, to: 300 } }, search, {
      champion: own,
      fallback,
    });
    expect(parameters.maxDepth).toBe(3);
  });
});
