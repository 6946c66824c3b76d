import { describe, expect, test } from "@jest/globals";

import { pickle } from "../../../trainer/legacy/pickle.ts";
import { float, int } from "../../../trainer/legacy/python-value.ts";
import { pickleVectors } from "./pickle-vectors.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("pickle()", () => {
  test.each(pickleVectors)("writes $python", ({ value, bytes }) => {
    expect(hex(pickle(value))).toBe(`8004${bytes.replaceAll(" ", "")}2e`);
  });

  test.each([2147483648, -2147483649, 0.5, NaN, Infinity])(
    "refuses %d as an int, which no byte of it would be",
    (value) => {
      expect(() => pickle(int(value))).toThrow(RangeError);
      expect(() => pickle(float(value))).not.toThrow();
    },
  );

  test("refuses half a character, for which there is no UTF-8", () => {
    expect(() => pickle("\ud83d")).toThrow('Cannot pickle "\\ud83d"');
  });
});
