import path from "node:path";

import { featureNames } from "../../trainer/features/names.ts";
import { rowsOf, type TrainingTable } from "../../trainer/features/training-table.ts";
import { batchesOf } from "./matrix.ts";
import { writeNpy } from "./npy.ts";

const width = featureNames.length;

/** Writes the matrix as the peer can load it: values.npy (rows × features) and target.npy. */
export async function exportMatrix(table: TrainingTable, directory: string): Promise<void> {
  const rows = rowsOf(table);
  await writeNpy(path.join(directory, "values.npy"), [rows, width], rowMajor(table));
  await writeNpy(path.join(directory, "target.npy"), [rows], targets(table));
}

function* rowMajor(table: TrainingTable): Generator<Float32Array> {
  for (const { values, stride, rows } of batchesOf(table)) {
    const part = new Float32Array(rows * width);
    for (let f = 0; f < width; f++) {
      for (let row = 0; row < rows; row++) part[row * width + f] = values[f * stride + row] ?? Number.NaN;
    }
    yield part;
  }
}

function* targets(table: TrainingTable): Generator<Float32Array> {
  for (const { labels, rows } of batchesOf(table)) yield labels.subarray(0, rows);
}
