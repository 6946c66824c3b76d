import { expect, test } from "@jest/globals";

import type { GridRow } from "../../../contract/trainer-report.ts";
import { demandSameModel } from "../../../bench/retrain/same-model.ts";

type Trained = Parameters<typeof demandSameModel>[0];

const row = (maxDepth: number, foldRmse: number[]): GridRow => ({
  maxDepth,
  learningRate: 0.1,
  rounds: 100,
  meanRmse: foldRmse.reduce((sum, rmse) => sum + rmse, 0) / foldRmse.length,
  foldRmse,
});
const [shallow, deep] = [row(3, [200, 180]), row(7, [190, 170])];
const trained = (differs: Partial<Trained>): Trained => ({
  rows: 100,
  stations: 4,
  winner: deep,
  grid: [shallow, deep],
  ...differs,
});

test.each<[sentence: string, peer: Partial<Trained>]>([
  ["candidates in another order", { grid: [deep, shallow] }],
  ["scores that differ by rounding", { grid: [row(3, [200.001, 180]), deep] }],
])("%s are the same", (_, peer) => {
  expect(() => {
    demandSameModel(trained({}), trained(peer));
  }).not.toThrow();
});

test.each<[sentence: string, peer: Partial<Trained>, message: RegExp]>([
  ["another row", { rows: 101 }, /rows are 100 and 101/u],
  ["another station", { stations: 5 }, /stations are 4 and 5/u],
  ["another winner", { winner: shallow }, /winners are depth 7.* and depth 3/u],
  ["a candidate less", { grid: [deep] }, /candidates are 2 and 1/u],
  ["another candidate", { grid: [row(5, [200, 180]), deep] }, /depth 3.* scores 200, 180 and undefined/u],
  ["another score", { grid: [row(3, [200.01, 180]), deep] }, /scores 200, 180 and 200.01, 180/u],
])("%s is told", (_, peer, message) => {
  expect(() => {
    demandSameModel(trained({}), trained(peer));
  }).toThrow(message);
});
