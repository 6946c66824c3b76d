import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { median, quantile, slope } from "../../bench/statistics.ts";

const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 50,
});

test("at least the share of the values is not above their quantile, and it is the smallest such value", () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const found = quantile(values, share);
      const upTo = (limit: number): number => values.filter((value) => value <= limit).length;
      const below = values.filter((value) => value < found);
      expect(values).toContain(found);
      expect(upTo(found)).toBeGreaterThanOrEqual(share * values.length);
      expect(below.length).toBeLessThan(share * values.length);
    }),
  );
});

test.each<[sentence: string, values: readonly number[], expected: number]>([
  ["of an odd number it is the one in the middle", [9, 1, 5], 5],
  ["of an even number it is the mean of the two in the middle", [10, 1, 4, 2], 3],
  ["numbers are compared as numbers", [10, 9, 100], 10],
  ["of nothing it is not a number", [], Number.NaN],
])("the median: %s", (_, values, expected) => {
  expect(median(values)).toBe(expected);
});

test("the slope of points on a line is the line's", () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), (rise, from) => {
      const points = [3, 1, 8, 5].map((x) => [x, from + rise * x] as const);
      expect(slope(points)).toBeCloseTo(rise, 9);
    }),
  );
});
