import { beforeAll, describe, expect, test } from "@jest/globals";

import { ensureLibrary } from "../../../hack/setup.ts";
import type { Native } from "../../../trainer/xgboost/api.ts";
import type { BatchSource } from "../../../trainer/xgboost/batch.ts";
import { Booster, type BoosterParameters } from "../../../trainer/xgboost/booster.ts";
import { QuantileMatrix } from "../../../trainer/xgboost/matrix.ts";
import { openNative } from "../../../trainer/xgboost/native.ts";
import { createSource, waves, wholeTable, type Table } from "../../support/table-source.ts";

let native: Native;
beforeAll(async () => {
  native = openNative((await ensureLibrary(() => undefined)).path);
}, 300_000);

const table = waves(1_200);
const parameters: BoosterParameters = { maxDepth: 4, learningRate: 0.2, maxBin: 64, seed: 3, nthread: 1 };
const options = { maxBin: 64, nthread: 1 };
const source = (from: number, to: number, batchRows = 500, of = table): BatchSource =>
  createSource(of, { from, to }, batchRows);

function trained(matrix: QuantileMatrix, rounds: number, others: readonly QuantileMatrix[] = []): Booster {
  const handles = [matrix, ...others].map((one) => one.handle);
  const booster = Booster.forTraining(native, handles, parameters);
  for (let round = 0; round < rounds; round += 1) booster.update(round, matrix.handle);
  return booster;
}

function modelOf(batchRows: number, of?: Table): Uint8Array {
  using matrix = new QuantileMatrix(native, source(0, 1_200, batchRows, of), options);
  using booster = trained(matrix, 12);
  return booster.saveUbj();
}

describe("a model", () => {
  test("is the same to the last byte when trained twice", () => {
    expect(modelOf(500)).toEqual(modelOf(500));
  });

  test("does not depend on how the rows are cut into batches", () => {
    expect(modelOf(7)).toEqual(modelOf(1_200));
  });

  test("is read from columns in place, however far apart they lie", () => {
    const all = wholeTable(table);
    const inPlace: BatchSource = { ...source(0, 0), reset: () => undefined, next: once(all) };
    using matrix = new QuantileMatrix(native, inPlace, options);
    using booster = trained(matrix, 12);
    expect(booster.saveUbj()).toEqual(modelOf(500));
  });

  test("learns what there is to learn, also where values are missing", () => {
    using matrix = new QuantileMatrix(native, source(0, 1_200), options);
    using booster = trained(matrix, 60);
    const worst = Math.max(...booster.predict(matrix.handle).map((p, row) => Math.abs(p - at(table, row))));
    expect(worst).toBeLessThan(15);
  });

  test("names its features, keeps an attribute and says where it starts", () => {
    using matrix = new QuantileMatrix(native, source(0, 1_200), options);
    using booster = trained(matrix, 12);
    booster.setFeatureNames(table.featureNames);
    booster.setAttribute("version", "v7");
    expect(JSON.parse(booster.saveJson())).toMatchObject({
      learner: { feature_names: table.featureNames, attributes: { version: "v7" } },
    });
    expect(booster.baseScore()).toBeCloseTo(start(), 3);
    expect([...booster.gain().keys()].sort()).toEqual(["fast", "slow", "weekday"]); // It never split on sparse.
  });

  test("predicts the same after it was saved and loaded", () => {
    using matrix = new QuantileMatrix(native, source(0, 1_200), options);
    using booster = trained(matrix, 12);
    using loaded = Booster.load(native, booster.saveUbj(), 1);
    expect(loaded.predictDense(wholeTable(table), 4)).toEqual(booster.predict(matrix.handle));
  });
});

/** Where a model of no trees is: at the mean; version 1 did not look at the labels. */
function start(): number {
  if (native.version.startsWith("1.")) return 0.5;
  return table.labels.reduce((sum, label) => sum + label, 0) / table.rows;
}

/** A source that has one batch a pass. */
function once<T>(batch: T): () => T | undefined {
  let calls = 0;
  return () => (calls++ % 2 === 0 ? batch : undefined);
}

const at = ({ labels }: Table, row: number): number => labels[row] ?? NaN;

describe("scoring prefixes of one booster", () => {
  test("gives what separately trained boosters give, on rows binned with the training cuts and on raw ones", () => {
    using train = new QuantileMatrix(native, source(0, 900), options);
    using valid = new QuantileMatrix(native, source(900, 1_200), { ...options, reference: train.handle });
    using long = Booster.forTraining(native, [train.handle, valid.handle], parameters);
    const raw = source(900, 1_200).next();
    let round = 0;
    for (const length of [5, 10, 20]) {
      for (; round < length; round += 1) long.update(round, train.handle);
      using short = trained(train, length);
      expect(long.predict(valid.handle)).toEqual(short.predict(valid.handle));
      expect(long.predict(valid.handle)).toEqual(raw && short.predictDense(raw, 4));
    }
  });
});

describe("QuantileMatrix", () => {
  test("knows its rows and labels", () => {
    using matrix = new QuantileMatrix(native, source(100, 350, 99), options);
    expect(matrix.rows).toBe(250);
    expect(matrix.labels()).toEqual(table.labels.slice(100, 350));
  });

  test("throws what the source threw in the middle of a pass", () => {
    const trouble = new RangeError("row 700 is spoilt");
    let batches = 0;
    const spoilt: BatchSource = {
      ...source(0, 0),
      reset: () => (batches = 0),
      next: () => {
        batches += 1;
        if (batches === 3) throw trouble;
        return source(0, 500).next();
      },
    };
    expect(() => new QuantileMatrix(native, spoilt, options)).toThrow(trouble);
  });

  test("asks before every batch whether to go on", () => {
    const stop = new Error("stop");
    const checkpoint = (): never => {
      throw stop;
    };
    expect(() => new QuantileMatrix(native, source(0, 900), { ...options, checkpoint })).toThrow(stop);
  });

  test.each([
    { says: "too few values", change: { values: new Float32Array(11) } },
    { says: "too few labels", change: { labels: new Float32Array(2) } },
    { says: "a stride below its rows", change: { stride: 2 } },
    { says: "no rows", change: { rows: 0 } },
  ])("refuses a batch with $says before the library reads it", ({ change }) => {
    const good = { rows: 3, stride: 3, values: new Float32Array(12), labels: new Float32Array(3) };
    const bad: BatchSource = { ...source(0, 0), next: once({ ...good, ...change }) };
    expect(() => new QuantileMatrix(native, bad, options)).toThrow(
      /Cannot use a batch of \d+ rows × 4 columns/u,
    );
  });
});

describe("an error of the library", () => {
  test("says what was tried and why it failed, without a backtrace", () => {
    const spoilt = { ...table, labels: table.labels.with(3, NaN) };
    expect(() => new QuantileMatrix(native, source(0, 900, 500, spoilt), options)).toThrow(
      /^Cannot (bin the rows|hand over labels): libxgboost says "(?!.*(Stack trace|\[bt\]|\.cc:)).*NaN.*"$/u,
    );
  });

  test("comes as a RunFailure when a model cannot be read", () => {
    const load = (): Booster => Booster.load(native, new Uint8Array([1, 2, 3]), 1);
    expect(load).toThrow(expect.objectContaining({ name: "RunFailure", reason: "Bug" }));
    expect(load).toThrow(/^Cannot load a model: libxgboost says "/u);
  });
});
