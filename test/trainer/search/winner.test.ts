import { describe, expect, test } from "@jest/globals";

import type { GridRow, Parameters } from "../../../contract/trainer-report.ts";
import { sameParameters, winnerOf } from "../../../trainer/search/winner.ts";

const of = (maxDepth: number): Parameters => ({ maxDepth, learningRate: 0.01, rounds: 1000 });
const row = (maxDepth: number, ...foldRmse: number[]): GridRow => ({
  ...of(maxDepth),
  foldRmse,
  meanRmse: foldRmse.reduce((sum, rmse) => sum + rmse, 0) / foldRmse.length,
});

describe("winnerOf()", () => {
  const grid = [row(7, 200), row(5, 200.9), row(3, 201), row(9, 201.1)];

  test.each([
    { when: "there is no champion", champion: undefined, winner: 7 },
    { when: "the champion's parameters are the best", champion: 7, winner: 7 },
    { when: "they tie with the best", champion: 5, winner: 5 },
    { when: "they are half a percent behind", champion: 3, winner: 3 },
    { when: "they are more than that behind", champion: 9, winner: 7 },
    { when: "they are not in the grid", champion: 4, winner: 7 },
  ])("when $when, depth $winner wins", ({ champion, winner }) => {
    expect(winnerOf(grid, champion === undefined ? undefined : of(champion))?.winner).toEqual(of(winner));
  });

  test("says when not the lowest mean decided, and only then", () => {
    expect(winnerOf(grid, of(5))?.tie).toBe(
      "The champion's parameters stay: their mean RMSE of 200.90 is within 0.5 % of the lowest, 200.00 of depth 7, rate 0.01, 1000 rounds",
    );
    for (const champion of [undefined, of(7), of(9), of(4)]) {
      expect(winnerOf(grid, champion)).not.toHaveProperty("tie");
    }
  });

  test("a tie is one of means over all folds, not of one fold", () => {
    expect(winnerOf([row(7, 100, 300), row(5, 300, 100)], of(5))?.winner).toEqual(of(5));
    expect(winnerOf([row(7, 100, 100), row(5, 100, 110)], of(5))?.winner).toEqual(of(7));
  });

  test("nobody wins without candidates", () => {
    expect(winnerOf([], of(7))).toBeUndefined();
  });
});

describe("sameParameters()", () => {
  test.each([{ maxDepth: 6 }, { learningRate: 0.02 }, { rounds: 999 }])("tells apart %j", (differs) => {
    expect(sameParameters(of(7), { ...of(7) })).toBe(true);
    expect(sameParameters(of(7), { ...of(7), ...differs })).toBe(false);
  });
});
