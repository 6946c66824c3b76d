import { describe, expect, test } from "@jest/globals";

import { sideBySide, sideRows } from "../../../trainer/models/sides.ts";

const names = { a: "A", b: "B" };

describe("sideBySide()", () => {
  test("keeps the order of the first, then what only the second has, and leaves out what neither has", () => {
    const sides = sideBySide(
      { rows: 10, seed: undefined, day: "Monday" },
      { day: "Friday", depth: 3, rows: 8 },
    );
    expect(sides).toEqual([
      { fact: "rows", a: 10, b: 8, difference: -2 },
      { fact: "day", a: "Monday", b: "Friday" },
      { fact: "depth", b: 3 },
    ]);
  });
});

describe("sideRows()", () => {
  test.each([
    { what: "more", a: 10, b: 12, row: ["10", "12", "+2"] },
    { what: "fewer", a: 12, b: 10, row: ["12", "10", "-2"] },
    { what: "equal", a: 10, b: 10, row: ["10", "10", ""] },
    { what: "fractions", a: 1.5, b: 2, row: ["1.50", "2.00", "+0.50"] },
    { what: "hardly different", a: 1.501, b: 1.499, row: ["1.50", "1.50", ""] },
    { what: "other words", a: "x", b: "y", row: ["x", "y", "differs"] },
    { what: "the same words", a: "x", b: "x", row: ["x", "x", ""] },
    { what: "only the first", a: 3, b: undefined, row: ["3", "", "differs"] },
    { what: "only the second", a: undefined, b: "y", row: ["", "y", "differs"] },
  ])("$what", ({ a, b, row: [left = "", right = "", difference = ""] }) => {
    const [row] = sideRows(sideBySide({ fact: a }, { fact: b }), names, 2);
    expect(row).toEqual({ fact: "fact", A: left, B: right, difference });
  });

  test("shows numbers as they are when no digits are asked for", () => {
    expect(sideRows(sideBySide({ rate: 0.1 }, { rate: 0.3 }), names)).toEqual([
      { fact: "rate", A: "0.1", B: "0.3", difference: "+0.2" },
    ]);
  });
});
