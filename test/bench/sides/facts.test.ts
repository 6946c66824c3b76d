import { expect, test } from "@jest/globals";

import { demandSameMatrix, type Facts } from "../../../bench/sides/facts.ts";

const facts = (differs: Partial<Facts>): Facts => ({
  rows: 3,
  stations: 2,
  columnSums: [6, 1e9, Number.NaN],
  targetSum: 12,
  ...differs,
});

test.each<[sentence: string, peer: Partial<Facts>]>([
  ["the same facts", {}],
  ["a sum in another order of addition", { columnSums: [6, 1e9 + 0.5, Number.NaN] }],
])("%s are of the same matrix", (_, peer) => {
  expect(() => {
    demandSameMatrix(facts({}), facts(peer));
  }).not.toThrow();
});

test.each<[sentence: string, peer: Partial<Facts>]>([
  ["a row more", { rows: 4 }],
  ["a station less", { stations: 1 }],
  ["a column less", { columnSums: [6, 1e9] }],
  ["another sum", { columnSums: [6, 1e9 + 2, Number.NaN] }],
  ["missing values where we have none", { columnSums: [Number.NaN, 1e9, Number.NaN] }],
  ["other targets", { targetSum: 13 }],
])("%s is of another matrix", (_, peer) => {
  expect(() => {
    demandSameMatrix(facts({}), facts(peer));
  }).toThrow(/not made the same matrix/u);
});
