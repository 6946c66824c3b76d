import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { RunFailure } from "../../../trainer/errors.ts";
import { timeSeriesFolds } from "../../../trainer/search/folds.ts";

const ranges = (rows: number, folds: number): string[] =>
  timeSeriesFolds(rows, folds).map(
    ({ train, valid }) =>
      `${String(train.from)}-${String(train.to)} ${String(valid.from)}-${String(valid.to)}`,
  );

describe("timeSeriesFolds()", () => {
  // scikit-learn: a validation part has n // (k + 1) rows, the first starts at n - k times that.
  test.each([
    { n: 31_567, k: 3, folds: ["0-7894 7894-15785", "0-15785 15785-23676", "0-23676 23676-31567"] },
    { n: 6, k: 5, folds: ["0-1 1-2", "0-2 2-3", "0-3 3-4", "0-4 4-5", "0-5 5-6"] },
    { n: 12, k: 3, folds: ["0-3 3-6", "0-6 6-9", "0-9 9-12"] },
    { n: 13, k: 3, folds: ["0-4 4-7", "0-7 7-10", "0-10 10-13"] },
    { n: 7, k: 2, folds: ["0-3 3-5", "0-5 5-7"] },
    { n: 3, k: 2, folds: ["0-1 1-2", "0-2 2-3"] },
  ])("cuts $n rows into $k folds as scikit-learn does", ({ n, k, folds }) => {
    expect(ranges(n, k)).toEqual(folds);
  });

  test("validates all of the newest rows in equal parts, each after everything it trains on", () => {
    const sizes = fc
      .integer({ min: 2, max: 20 })
      .chain((k) => fc.tuple(fc.constant(k), fc.integer({ min: k + 1, max: 1e6 })));
    fc.assert(
      fc.property(sizes, ([k, n]) => {
        const folds = timeSeriesFolds(n, k);
        expect(folds).toHaveLength(k);
        expect(folds.at(-1)?.valid.to).toBe(n);
        for (const [i, { train, valid }] of folds.entries()) {
          expect(valid.to - valid.from).toBe(Math.floor(n / (k + 1)));
          expect(train).toEqual({ from: 0, to: valid.from });
          expect(train.to).toBeGreaterThan(0);
          expect(folds[i + 1]?.valid.from ?? n).toBe(valid.to);
        }
      }),
    );
  });

  test.each([
    { n: 3, k: 3 },
    { n: 0, k: 2 },
  ])("refuses $n rows for $k folds", ({ n, k }) => {
    const refusal = () => timeSeriesFolds(n, k);
    expect(refusal).toThrow(RunFailure);
    expect(refusal).toThrow(expect.objectContaining({ reason: "BadConfiguration" }));
    expect(refusal).toThrow(`${String(n)} rows into ${String(k)} folds; lower training.folds`);
  });
});
