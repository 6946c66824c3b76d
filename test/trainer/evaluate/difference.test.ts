import { describe, expect, test } from "@jest/globals";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { maeDifference } from "../../../trainer/evaluate/difference.ts";
import type { DayDifference } from "../../../trainer/evaluate/score.ts";

/** Days whose parts are spread evenly between -5 and 5 around `mean`, ten rows a day, each row of a day alike. */
const days = (count: number, mean: number, seed = 1): DayDifference[] => {
  const random = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => ({
    rows: 10,
    absolute: 10 * (mean - 5 + 10 * uniformFloat64(random)),
  }));
};

describe("maeDifference()", () => {
  test("is the difference of the means over rows, not over days", () => {
    const two = [
      { rows: 1, absolute: 9 },
      { rows: 9, absolute: -19 },
    ];
    expect(maeDifference(two, 0)?.mae).toBe(-1);
  });

  test("is the same for the same seed, another for another", () => {
    const found = [1, 1, 2].map((seed) => maeDifference(days(30, 2), seed));
    expect(found[0]).toEqual(found[1]);
    expect(found[0]).not.toEqual(found[2]);
    expect(found[0]?.mae).toBe(found[2]?.mae);
  });

  test("has no width where every day says the same", () => {
    const same = Array.from({ length: 20 }, () => ({ rows: 4, absolute: 12 }));
    expect(maeDifference(same, 0)).toEqual({ mae: 3, low: 3, high: 3 });
  });

  test("is as wide as the spread of a mean of days: 1.96 standard errors to each side", () => {
    const many = days(400, 0);
    const standardError = 10 / Math.sqrt(12) / Math.sqrt(400);
    const { mae, low, high } = maeDifference(many, 0) ?? { mae: NaN, low: NaN, high: NaN };
    expect((high - low) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1);
    expect(Math.abs((high + low) / 2 - mae)).toBeLessThan(0.2 * standardError);
  });

  test("holds the true difference in about 95 of 100 cases", () => {
    const cases = Array.from({ length: 100 }, (_, seed) => maeDifference(days(40, 2, seed + 1), seed));
    const holding = cases.filter((found) => found && found.low <= 2 && 2 <= found.high).length;
    expect(holding).toBeGreaterThanOrEqual(89);
    expect(holding).toBeLessThan(100);
  });

  test("is unknown without a day", () => {
    expect(maeDifference([], 0)).toBeUndefined();
  });
});
