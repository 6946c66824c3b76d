import type { FeatureBatch, FeatureSource } from "../features/source.ts";
import type { TrainingPool } from "../xgboost/pool.ts";

/** Rows that are in memory at once: 22 columns of them are 6 MB. */
export const blockRows = 65_536;

/** Who predicts, and with how many threads. */
export interface Predictor {
  readonly pool: Pick<TrainingPool, "predict" | "predictRows">;
  readonly nthread: number;
}

/** Changes the values of a batch in place; the batch tells the days and the original columns. */
export type Rewrite = (values: Float32Array, batch: FeatureBatch) => void;

/** Raw predictions for the rows of a source that the pool's own table does not have, or not with these values. */
export async function predictBlocks(
  model: Uint8Array,
  source: FeatureSource,
  { pool, nthread }: Predictor,
  rewrite: Rewrite = () => undefined,
): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    const values = batch.values.slice();
    rewrite(values, batch);
    blocks.push(await pool.predictRows(model, { rows: batch.rows, stride: batch.stride, values }, nthread));
  }
  return joined(blocks);
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1) return first;
  const all = new Float32Array(blocks.reduce((rows, block) => rows + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
