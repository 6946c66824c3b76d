import { describe, expect, test } from "@jest/globals";

import { bestOf, boosterPlans, gridTable, type FoldScore } from "../../../trainer/search/candidates.ts";

const scored = (maxDepth: number, rounds: number, ...foldRmse: number[]): FoldScore[] =>
  foldRmse.map((rmse, fold) => ({ maxDepth, learningRate: 0.1, rounds, fold, rmse }));
const nameOf = ({ maxDepth, rounds }: { maxDepth: number; rounds: number }): string =>
  `${String(maxDepth)}/${String(rounds)}`;

describe("boosterPlans()", () => {
  test("plans one booster for each depth and rate; rounds are its checkpoints, ascending", () => {
    const plans = boosterPlans({ maxDepth: [7, 3], learningRate: [0.1, 0.01], rounds: [1000, 100, 500] });
    const checkpoints = [100, 500, 1000];
    expect(plans).toEqual([
      { maxDepth: 7, learningRate: 0.1, checkpoints },
      { maxDepth: 7, learningRate: 0.01, checkpoints },
      { maxDepth: 3, learningRate: 0.1, checkpoints },
      { maxDepth: 3, learningRate: 0.01, checkpoints },
    ]);
  });
});

describe("gridTable()", () => {
  test("has one row a candidate, folds in their order, the lowest mean first", () => {
    const scores = [
      ...scored(5, 100, 30, 20, 40),
      ...scored(3, 100, 10, 30, 20),
      ...scored(3, 500, 25, 25, 25),
    ];
    expect(gridTable(scores.toReversed(), 3)).toEqual([
      { maxDepth: 3, learningRate: 0.1, rounds: 100, meanRmse: 20, foldRmse: [10, 30, 20] },
      { maxDepth: 3, learningRate: 0.1, rounds: 500, meanRmse: 25, foldRmse: [25, 25, 25] },
      { maxDepth: 5, learningRate: 0.1, rounds: 100, meanRmse: 30, foldRmse: [30, 20, 40] },
    ]);
  });

  test("tells rates apart", () => {
    const [score] = scored(3, 100, 10);
    expect(gridTable(score === undefined ? [] : [score, { ...score, learningRate: 0.01 }], 1)).toHaveLength(
      2,
    );
  });

  test("of equal means the smaller model comes first", () => {
    const scores = [...scored(5, 100, 10), ...scored(3, 500, 10), ...scored(3, 100, 10)];
    expect(gridTable(scores, 1).map(nameOf)).toEqual(["3/100", "3/500", "5/100"]);
  });

  test.each([2, 4])("a candidate with 3 scores for %d folds is a bug", (folds) => {
    expect(() => gridTable(scored(3, 100, 1, 2, 3), folds)).toThrow(
      expect.objectContaining({
        reason: "Bug",
        message: `A candidate has 3 scores, expected ${String(folds)}`,
      }),
    );
  });
});

describe("bestOf()", () => {
  const table = gridTable([...scored(3, 100, 30, 10, 10), ...scored(5, 100, 10, 30, 20)], 3);

  test("is the candidate with the lowest mean", () => {
    expect(bestOf(table)).toEqual({ maxDepth: 3, learningRate: 0.1, rounds: 100 });
  });

  test("counts only the folds that it may", () => {
    expect(bestOf(table, (fold) => fold === 0)?.maxDepth).toBe(5);
    expect(bestOf(table, (fold) => fold > 0)?.maxDepth).toBe(3);
  });

  test("is nobody without any fold", () => {
    expect(bestOf(table, () => false)).toBeUndefined();
    expect(bestOf([])).toBeUndefined();
  });
});
