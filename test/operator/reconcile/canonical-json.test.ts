import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { canonicalJson } from "../../../operator/reconcile/canonical-json.ts";

test("fields are in the order of their names, at every depth; lists stay as they are", () => {
  const value = { b: [{ d: 1, c: null }, 3, 2], a: undefined, B: 0.1, "": "é" };
  expect(canonicalJson(value)).toBe('{"":"é","B":0.1,"b":[{"c":null,"d":1},3,2]}');
});

const backwards = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, backwards(item)]),
  );
};

test("equal values have one text, whatever the order of their fields", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(backwards(value))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
