import { beforeAll, describe, expect, test } from "@jest/globals";

import { ensureLibrary } from "../../../hack/setup.ts";
import { openNative } from "../../../trainer/xgboost/native.ts";
import { TrainingPool, type PoolOptions } from "../../../trainer/xgboost/pool.ts";
import { Booster } from "../../../trainer/xgboost/booster.ts";
import { QuantileMatrix } from "../../../trainer/xgboost/matrix.ts";
import { rmse } from "../../../trainer/xgboost/tasks.ts";
import { createSource, waves, wholeTable } from "../../support/table-source.ts";

let libraryPath: string;
beforeAll(async () => {
  libraryPath = (await ensureLibrary(() => undefined)).path;
}, 300_000);

const table = waves(1_200);
const sourceModule = new URL("../../support/table-source.ts", import.meta.url).href;

const pool = (change: Partial<PoolOptions> = {}): Promise<TrainingPool> =>
  TrainingPool.start({
    libraryPath,
    workers: 2,
    sourceModule,
    data: table,
    maxBin: 64,
    batchRows: 300,
    ...change,
  });

const folds = [
  { train: { from: 0, to: 300 }, valid: { from: 300, to: 600 } },
  { train: { from: 0, to: 600 }, valid: { from: 600, to: 900 } },
  { train: { from: 0, to: 900 }, valid: { from: 900, to: 1_200 } },
];
const boosters = [
  { maxDepth: 2, learningRate: 0.3, checkpoints: [3, 8] },
  { maxDepth: 4, learningRate: 0.1, checkpoints: [5] },
];
const everything = {
  range: { from: 0, to: 1_200 },
  parameters: { maxDepth: 3, learningRate: 0.2, seed: 1, nthread: 2 },
};
/** Longer than any test waits. */
const endless = { ...everything, rounds: 100_000_000 };

/** The same score, each candidate trained by itself in this thread. */
function scoreAlone(
  fold: (typeof folds)[number],
  booster: (typeof boosters)[number],
  rounds: number,
): number {
  const native = openNative(libraryPath);
  const [maxBin, nthread] = [64, 1];
  using train = new QuantileMatrix(native, createSource(table, fold.train, 1_000), { maxBin, nthread });
  using one = Booster.forTraining(native, [train.handle], { ...booster, maxBin, nthread, seed: 1 });
  for (let round = 0; round < rounds; round += 1) one.update(round, train.handle);
  const batch = createSource(table, fold.valid, 1_000).next() ?? wholeTable(table);
  return rmse(one.predictDense(batch, 4), batch.labels);
}

describe("gridSearch()", () => {
  test.each([1, 2, 3])("scores every candidate as if trained by itself, with %i workers", async (workers) => {
    await using training = await pool({ workers });
    const seen: [number, number][] = [];
    const { scores, rounds } = await training.gridSearch({ folds, boosters, seed: 1 }, (done, total) =>
      seen.push([done, total]),
    );
    const want = folds.flatMap((fold, f) =>
      boosters.flatMap((booster, b) =>
        booster.checkpoints.map((length) => ({
          fold: f,
          booster: b,
          rounds: length,
          rmse: scoreAlone(fold, booster, length),
        })),
      ),
    );
    expect(scores).toEqual(want.map((score) => ({ ...score, seconds: expect.any(Number) })));
    expect(rounds).toBe(39);
    expect(seen.at(-1)).toEqual([39, 39]);
  });

  test("gives the error of the task that failed", async () => {
    await using training = await pool({ data: { ...table, trouble: "throws" } });
    const work = training.gridSearch({ folds, boosters, seed: 1 });
    await expect(work).rejects.toMatchObject({ reason: "Bug", message: "row 3 is spoilt" });
  });
});

describe("a grid search of which one task fails", () => {
  test("does not wait for the others to train to their end", async () => {
    await using training = await pool();
    const impossible = { maxDepth: -1, learningRate: 0.1, checkpoints: [1] };
    const long = { maxDepth: 2, learningRate: 0.1, checkpoints: [endless.rounds] };
    const work = training.gridSearch({ folds, boosters: [impossible, long], seed: 1 });
    await expect(work).rejects.toThrow(/^Cannot .*: libxgboost says ".*max_depth/u);
  });
});

describe("fit() and predict()", () => {
  test("train the same bytes twice, which carry the feature names", async () => {
    await using training = await pool();
    const [one, two] = await Promise.all([1, 2].map(() => training.fit({ ...everything, rounds: 20 })));
    expect(one?.model).toEqual(two?.model);
    expect(new TextDecoder().decode(one?.model)).toContain("weekday");
  });

  test("predict the rows of a range as the fit's own error says", async () => {
    await using training = await pool();
    const fitted = await training.fit({ ...everything, rounds: 20 });
    const predictions = await training.predict(fitted.model, everything.range);
    expect(rmse(predictions, table.labels)).toBe(fitted.trainRmse);
    const part = await training.predict(fitted.model, { from: 500, to: 900 });
    expect(part).toEqual(predictions.slice(500, 900));
  });

  test("predict rows that are not the table's own", async () => {
    await using training = await pool();
    const { model } = await training.fit({ ...everything, rounds: 20 });
    const whole = wholeTable(table);
    expect(await training.predictRows(model, whole, 2)).toEqual(
      await training.predict(model, everything.range),
    );
    const values = new Float32Array(4 * 5).fill(-1); // 3 rows count of each column's 5 elements
    for (const column of [0, 1, 2, 3]) {
      const start = column * table.rows + 100;
      values.set(table.values.subarray(start, start + 3), column * 5);
    }
    expect(await training.predictRows(model, { rows: 3, stride: 5, values })).toEqual(
      await training.predict(model, { from: 100, to: 103 }),
    );
  });

  test("rows without all of the model's columns are refused, and the pool goes on", async () => {
    await using training = await pool();
    const { model } = await training.fit({ ...everything, rounds: 1 });
    const values = new Float32Array(15);
    await expect(training.predictRows(model, { rows: 5, stride: 5, values })).rejects.toMatchObject({
      reason: "Bug",
      message: expect.stringMatching(/^Cannot predict rows: libxgboost says /u),
    });
    await expect(training.predict(model, everything.range)).resolves.toHaveLength(1_200);
  });

  test("a model that cannot be read is refused, and the pool goes on", async () => {
    await using training = await pool();
    await expect(training.predict(new Uint8Array(9), everything.range)).rejects.toThrow(
      /^Cannot load a model/u,
    );
    await expect(training.fit({ ...everything, rounds: 1 })).resolves.toMatchObject({ rounds: 1 });
  });
});

describe("cancel()", () => {
  test("ends running and waiting work between two rounds", async () => {
    const training = await pool({ workers: 1 });
    const begun = Promise.withResolvers<unknown>();
    const running = training.fit(endless, begun.resolve);
    const waiting = training.fit(endless);
    await begun.promise;
    training.cancel();
    await expect(running).rejects.toMatchObject({ reason: "Terminated" });
    await expect(waiting).rejects.toMatchObject({ reason: "Terminated" });
    await expect(training.fit(endless)).rejects.toMatchObject({ reason: "Terminated" });
    await training[Symbol.asyncDispose](); // It would not return while a worker still trains.
  });

  test("ends a grid search", async () => {
    await using training = await pool();
    const begun = Promise.withResolvers<unknown>();
    const long = boosters.map((booster) => ({ ...booster, checkpoints: [endless.rounds] }));
    const work = training.gridSearch({ folds, boosters: long, seed: 1 }, begun.resolve);
    await begun.promise;
    training.cancel();
    await expect(work).rejects.toMatchObject({ reason: "Terminated" });
  });
});

describe("a worker that dies", () => {
  test("rejects its task and all that follow", async () => {
    await using training = await pool({ data: { ...table, trouble: "exits" } });
    const work = training.fit({ ...everything, rounds: 1 });
    const died = "Cannot go on training: a worker thread died: it exited with code 9";
    await expect(work).rejects.toThrow(died);
    await expect(training.predict(new Uint8Array(9), everything.range)).rejects.toThrow(died);
  });

  test.each([
    {
      says: "the library is not there",
      change: { libraryPath: "/nonexistent.so" },
      why: /nonexistent|load/u,
    },
    { says: "the source module is not there", change: { sourceModule: "file:///no.ts" }, why: /no\.ts/u },
    {
      says: "the module exports no source",
      change: { sourceModule: "node:os" },
      why: /no function createSource/u,
    },
  ])("does not start when $says", async ({ change, why }) => {
    await expect(pool(change)).rejects.toThrow(why);
  });
});
