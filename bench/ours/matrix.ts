import { featureNames } from "../../trainer/features/names.ts";
import { allRows, FeatureSource, type FeatureBatch } from "../../trainer/features/source.ts";
import { rowsOf, type TrainingTable } from "../../trainer/features/training-table.ts";

/** By which two sides can see that they have made the same matrix. */
export interface Facts {
  readonly rows: number;
  readonly stations: number;
  readonly columnSums: readonly number[];
  readonly targetSum: number;
}

/** As the trainer's pool has it. */
const batchRows = 16_384;

/** All batches of the matrix, one after the other, as the library asks for them. */
export function* batchesOf(table: TrainingTable): Generator<FeatureBatch> {
  const source = new FeatureSource(table, allRows(table), batchRows);
  for (let batch = source.next(); batch !== undefined; batch = source.next()) yield batch;
}

/** Generates the whole matrix once. */
export function factsOf(table: TrainingTable): Facts {
  const columnSums = featureNames.map(() => 0);
  let targetSum = 0;
  for (const { values, stride, rows, labels } of batchesOf(table)) {
    for (const [f, sum] of columnSums.entries()) {
      columnSums[f] = sum + sumOf(values, f * stride, rows);
    }
    targetSum += sumOf(labels, 0, rows);
  }
  return { rows: rowsOf(table), stations: table.coordinates.length / 2, columnSums, targetSum };
}

function sumOf(values: Float32Array, from: number, length: number): number {
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += values[i] ?? 0;
  return sum;
}
