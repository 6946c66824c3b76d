import { expect, jest, test } from "@jest/globals";
import { z } from "zod";

import { builtInDefaults } from "../../../contract/defaults.ts";
import { allRows } from "../../../trainer/features/source.ts";
import { rowsOf } from "../../../trainer/features/training-table.ts";
import { bestOf, boosterPlans, gridTable } from "../../../trainer/search/candidates.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";
import { sampleHistory, samplePool, sampleReference } from "../../support/sample.ts";

jest.setTimeout(600_000);

const Reference = z.object({
  final_fit: z.object({ train_rmse: z.number() }),
  grid: z.array(
    z.object({
      max_depth: z.int(),
      learning_rate: z.number(),
      n_estimators: z.int(),
      mean_rmse: z.number(),
      fold_rmse: z.array(z.number()),
    }),
  ),
});

test("scores all 18 candidates as scikit-learn's GridSearchCV does, and fits the same winner", async () => {
  const reference = Reference.parse(JSON.parse(sampleReference("grid.json").toString()));
  const { table } = await sampleHistory();
  await using pool = await samplePool(table);
  const { grid, folds, seed } = builtInDefaults.training;
  const boosters = boosterPlans(grid);
  const { scores, rounds } = await pool.gridSearch({
    folds: timeSeriesFolds(rowsOf(table), folds),
    boosters,
    seed,
  });
  const named = scores.map(({ fold, booster, ...score }) => ({ fold, ...score, ...boosters[booster] }));
  const found = gridTable(
    named.map(({ fold, rmse, rounds: prefix, maxDepth = 0, learningRate = 0 }) => ({
      fold,
      rmse,
      maxDepth,
      learningRate,
      rounds: prefix,
    })),
    folds,
  );

  expect(rounds).toBe(18_000);
  expect(found).toHaveLength(18);
  for (const { maxDepth, learningRate, rounds: prefix, meanRmse, foldRmse } of found) {
    const expected = reference.grid.find(
      (row) =>
        row.max_depth === maxDepth && row.learning_rate === learningRate && row.n_estimators === prefix,
    );
    const ratios = foldRmse.map((rmse, fold) => rmse / (expected?.fold_rmse[fold] ?? NaN) - 1);
    expect(Math.max(...ratios.map(Math.abs))).toBeLessThan(1e-5);
    expect(Math.abs(meanRmse / (expected?.mean_rmse ?? NaN) - 1)).toBeLessThan(1e-5);
  }
  expect(bestOf(found)).toEqual({ maxDepth: 7, learningRate: 0.01, rounds: 1000 });

  const parameters = { maxDepth: 7, learningRate: 0.01, seed, nthread: 2 };
  const fitted = await pool.fit({ range: allRows(table), parameters, rounds: 1000 });
  expect(Math.abs(fitted.trainRmse / reference.final_fit.train_rmse - 1)).toBeLessThan(1e-5);
});
