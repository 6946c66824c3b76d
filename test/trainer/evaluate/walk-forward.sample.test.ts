import { expect, jest, test } from "@jest/globals";

import { dayOf } from "../../../trainer/days.ts";
import { ErrorSums, served } from "../../../trainer/evaluate/metrics.ts";
import { columnOf } from "../../../trainer/features/names.ts";
import { FeatureSource, type RowRange } from "../../../trainer/features/source.ts";
import { rowsOf, type TrainingTable } from "../../../trainer/features/training-table.ts";
import { sampleHistory, samplePool } from "../../support/sample.ts";

jest.setTimeout(600_000);

/** The rows of each month of 2024, in order. */
function monthsOf(table: TrainingTable): RowRange[] {
  const rowOf = (text: string): number => {
    const index = table.days.findIndex((day) => day >= dayOf(text));
    return index === -1 ? rowsOf(table) : (table.rowsBefore[index] ?? 0);
  };
  const firsts = Array.from({ length: 12 }, (_, month) =>
    rowOf(`2024-${String(month + 1).padStart(2, "0")}-01`),
  );
  return firsts.map((from, month) => ({ from, to: firsts[month + 1] ?? rowsOf(table) }));
}

function addRange(
  table: TrainingTable,
  range: RowRange,
  predictions: Float32Array,
  sums: { model: ErrorSums; lag7: ErrorSums },
): void {
  const source = new FeatureSource(table, range, range.to - range.from);
  const batch = source.next();
  for (let row = 0; row < (batch?.rows ?? 0); row++) {
    const actual = batch?.labels[row] ?? NaN;
    sums.model.add(actual, served(predictions[row] ?? NaN));
    sums.lag7.add(actual, served(batch?.values[columnOf("lag_7") * batch.stride + row] ?? NaN));
  }
}

test("each month of 2024, trained on all earlier rows, is predicted within the accuracy bars", async () => {
  const { table } = await sampleHistory();
  await using pool = await samplePool(table);
  const sums = { model: new ErrorSums(), lag7: new ErrorSums() };
  const parameters = { maxDepth: 7, learningRate: 0.01, seed: 0, nthread: 1 };
  await Promise.all(
    monthsOf(table).map(async (month) => {
      const { model } = await pool.fit({ range: { from: 0, to: month.from }, parameters, rounds: 1000 });
      addRange(table, month, await pool.predict(model, month), sums);
    }),
  );
  const [model, lag7] = [sums.model.metrics(), sums.lag7.metrics()];
  process.stderr.write(
    `walk-forward 2024: n ${String(model.n)}, MAE ${model.mae.toFixed(2)}, RMSE ${model.rmse.toFixed(2)}, R² ${(model.r2 ?? NaN).toFixed(4)}, WAPE ${(model.wapePercent ?? NaN).toFixed(2)} %; lag_7 MAE ${lag7.mae.toFixed(1)}, RMSE ${lag7.rmse.toFixed(1)}\n`,
  );
  expect(model.n).toBe(15_552);
  expect(model.mae).toBeLessThanOrEqual(82);
  expect(model.rmse).toBeLessThanOrEqual(158);
  expect(lag7.mae).toBeCloseTo(128.5, 1);
  expect(lag7.rmse).toBeCloseTo(261.3, 1);
});
