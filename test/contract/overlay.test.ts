import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { given } from "../../contract/given.ts";
import { overlay } from "../../contract/overlay.ts";

describe("overlay()", () => {
  test.each<{ what: string; below: unknown; above: unknown; is: unknown }>([
    {
      what: "objects are merged by field",
      below: { a: 1, b: { c: 2, d: 3 } },
      above: { b: { d: 4 } },
      is: { a: 1, b: { c: 2, d: 4 } },
    },
    { what: "new fields are added", below: { a: 1 }, above: { b: { c: 2 } }, is: { a: 1, b: { c: 2 } } },
    { what: "lists are replaced whole", below: { a: [1, 2, 3] }, above: { a: [4] }, is: { a: [4] } },
    { what: "an empty list too", below: { a: [1] }, above: { a: [] }, is: { a: [] } },
    { what: "null is a value", below: { a: { b: 1 } }, above: { a: null }, is: { a: null } },
    { what: "null is laid over", below: { a: null }, above: { a: { b: 1 } }, is: { a: { b: 1 } } },
    { what: "undefined leaves what is below", below: { a: 1 }, above: { a: undefined }, is: { a: 1 } },
    {
      what: "false and 0 are values",
      below: { a: true, b: 5 },
      above: { a: false, b: 0 },
      is: { a: false, b: 0 },
    },
    { what: "nothing over something", below: { a: 1 }, above: undefined, is: { a: 1 } },
    { what: "something over nothing", below: undefined, above: { a: 1 }, is: { a: 1 } },
  ])("$what", ({ below, above, is }) => {
    expect(overlay(below, above)).toEqual(is);
  });

  test("changes neither argument", () => {
    const document = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue());
    fc.assert(
      fc.property(document, document, (below, above) => {
        const before = structuredClone([below, above]);
        overlay(below, above);
        expect([below, above]).toEqual(before);
      }),
    );
  });

  test("above wins wherever it says something, and twice is once", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (below, above) => {
        const merged = overlay(below, above);
        expect(overlay(merged, above)).toEqual(merged);
        expect(overlay(undefined, above)).toEqual(above);
      }),
    );
  });

  test("a field called __proto__ is a field like any other", () => {
    const merged = overlay({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true}}');
  });
});

test("given() leaves out what is undefined, and nothing else", () => {
  const found = given({ a: undefined, b: null, c: 0, d: "" });
  expect(Object.keys(found)).toEqual(["b", "c", "d"]);
});
