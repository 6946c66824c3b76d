import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { ErrorSums, served } from "../../../trainer/evaluate/metrics.ts";

const metricsOf = (pairs: readonly (readonly [actual: number, predicted: number])[]) => {
  const sums = new ErrorSums();
  for (const [actual, predicted] of pairs) sums.add(actual, predicted);
  return sums.metrics();
};

describe("served()", () => {
  test.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [0.49, 0],
    [0.51, 1],
    [2.4999, 2],
    [2.5001, 3],
    [7, 7],
    [0, 0],
    [-0, 0],
    [-0.3, 0],
    [-0.5, 0],
    [-1.5, 0],
    [-100, 0],
    [2 ** 40 + 0.5, 2 ** 40],
  ])("%d is served as %d", (raw, expected) => {
    expect(served(raw)).toBe(expected);
  });

  test("is an even number half-way, else the nearest, and never negative", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 100_000 }),
        fc.integer({ min: 0, max: 99 }),
        (whole, hundredths) => {
          const raw = whole + hundredths / 100;
          const nearest = hundredths === 50 ? 2 * Math.round(raw / 2) : Math.round(raw);
          expect(served(raw)).toBe(Math.max(0, nearest));
        },
      ),
    );
  });

  test("an unknown prediction is not 0", () => {
    expect(served(NaN)).toBeNaN();
  });
});

describe("ErrorSums", () => {
  test("gives the numbers computed by hand", () => {
    // errors +10, -20, +30, 0 of counts 100, 200, 300, 400; mean 250, spread 50,000
    const { mae, rmse, wapePercent, r2, bias, n } = metricsOf([
      [100, 110],
      [200, 180],
      [300, 330],
      [400, 400],
    ]);
    expect([n, mae, bias, wapePercent]).toEqual([4, 15, 5, 6]);
    expect(rmse).toBeCloseTo(Math.sqrt(350), 12);
    expect(r2).toBeCloseTo(1 - 1400 / 50_000, 12);
  });

  test("a perfect forecast", () => {
    expect(
      metricsOf([
        [1, 1],
        [5, 5],
      ]),
    ).toEqual({ n: 2, mae: 0, rmse: 0, wapePercent: 0, r2: 1, bias: 0 });
  });

  test("the mean as forecast explains nothing", () => {
    expect(
      metricsOf([
        [1, 3],
        [5, 3],
      ]).r2,
    ).toBe(0);
  });

  test.each([
    {
      when: "all counts are 0",
      pairs: [
        [0, 1],
        [0, 3],
      ] as const,
      expected: { wapePercent: null, r2: null, mae: 2 },
    },
    {
      when: "all counts are equal",
      pairs: [
        [5, 6],
        [5, 5],
      ] as const,
      expected: { wapePercent: 10, r2: null },
    },
  ])("what a zero would divide is null when $when", ({ pairs, expected }) => {
    expect(metricsOf(pairs)).toMatchObject(expected);
  });
});
