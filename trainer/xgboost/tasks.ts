import { RunFailure } from "../errors.ts";
import type { Native } from "./api.ts";
import type { BatchSource, RowRange } from "./batch.ts";
import { Booster } from "./booster.ts";
import { QuantileMatrix } from "./matrix.ts";
import type { FitPlan, Fitted, FoldMatrices, Request, Score, Scored } from "./messages.ts";

/** Newest rows whose predictions a fit returns. */
const goldenRows = 512;

/** A worker's hands. */
export interface Bench {
  readonly native: Native;
  source(range: RowRange): BatchSource;
  /** Throws RunFailure("Terminated") when the work is to stop. */
  readonly checkpoint: () => void;
  /** Says how many rounds the task has trained so far. */
  progress(rounds: number): void;
  /** Seconds from any fixed point. */
  clock(): number;
}

/** Bins a fold's rows. The matrices stay until a "free" task, of whichever worker. */
export function bin({ fold, maxBin, nthread }: Request<"bin">, bench: Bench): FoldMatrices {
  const { native, checkpoint } = bench;
  const train = new QuantileMatrix(native, bench.source(fold.train), { maxBin, nthread, checkpoint });
  try {
    const options = { maxBin, nthread, checkpoint, reference: train.handle };
    const valid = new QuantileMatrix(native, bench.source(fold.valid), options);
    return { train: train.handle, valid: valid.handle };
  } catch (error) {
    train[Symbol.dispose]();
    throw error;
  }
}

export function free({ train, valid }: FoldMatrices, { native }: Bench): void {
  native.matrix.free(valid);
  native.matrix.free(train);
}

/** Trains one booster and scores it after each of the ascending checkpoints: each prefix is a candidate. */
export function score({ matrices, parameters, checkpoints }: Request<"score">, bench: Bench): Scored {
  const { train, valid } = matrices;
  const labels = bench.native.matrix.labels(valid);
  const started = bench.clock();
  using booster = Booster.forTraining(bench.native, [train, valid], parameters);
  let kernelSeconds = 0;
  const scores = checkpoints.map((rounds, at): Score => {
    kernelSeconds += boost(booster, train, { from: checkpoints[at - 1] ?? 0, to: rounds }, bench);
    return { rounds, rmse: rmse(booster.predict(valid), labels), seconds: bench.clock() - started };
  });
  return { scores, kernelSeconds };
}

/** Trains a model on a range of rows. */
export function fit({ range, parameters, rounds }: FitPlan, bench: Bench): Fitted {
  const { native, checkpoint } = bench;
  const started = bench.clock();
  const source = bench.source(range);
  using matrix = new QuantileMatrix(native, source, { ...parameters, checkpoint });
  using booster = Booster.forTraining(native, [matrix.handle], parameters);
  const kernelSeconds = boost(booster, matrix.handle, { from: 0, to: rounds }, bench);
  booster.setFeatureNames(source.featureNames);
  const predictions = booster.predict(matrix.handle);
  return {
    model: booster.saveUbj(),
    trainRmse: rmse(predictions, matrix.labels()),
    lastPredictions: predictions.slice(-goldenRows),
    baseScore: booster.baseScore(),
    gain: booster.gain(),
    rounds,
    seconds: bench.clock() - started,
    kernelSeconds,
  };
}

/** Raw predictions of a saved model for a range of rows, one a row. */
export function predict({ model, range, nthread }: Request<"predict">, bench: Bench): Float32Array {
  using booster = Booster.load(bench.native, model, nthread);
  const predictions = new Float32Array(range.to - range.from);
  const source = bench.source(range);
  let at = 0;
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    bench.checkpoint();
    predictions.set(booster.predictDense(batch, source.featureNames.length), at);
    at += batch.rows;
  }
  if (at === predictions.length) return predictions;
  throw new RunFailure(
    "Bug",
    `Cannot predict rows ${String(range.from)} to ${String(range.to)}: the source gave ${String(at)} of them`,
  );
}

/** Raw predictions of a saved model for the rows of a block, one a row. */
export function predictRows({ model, block, nthread }: Request<"predictRows">, bench: Bench): Float32Array {
  using booster = Booster.load(bench.native, model, nthread);
  const { values, stride } = block;
  return booster.predictDense({ ...block, labels: values }, values.length / stride); // labels are not looked at
}

/** Adds rounds `from` to `to` (exclusive) and returns the seconds spent in the library. */
function boost(booster: Booster, matrix: bigint, { from, to }: RowRange, bench: Bench): number {
  let seconds = 0;
  for (let round = from; round < to; round += 1) {
    bench.checkpoint();
    const started = bench.clock();
    booster.update(round, matrix);
    seconds += bench.clock() - started;
    bench.progress(round + 1);
  }
  return seconds;
}

/** Root mean squared error, summed in double precision. */
export function rmse(predictions: Float32Array, labels: Float32Array): number {
  const sum = predictions.reduce((squares, value, row) => squares + (value - (labels[row] ?? NaN)) ** 2, 0);
  return Math.sqrt(sum / predictions.length);
}
