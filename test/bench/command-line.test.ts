import { expect, test } from "@jest/globals";

import { askedFor, usageOf } from "../../bench/command-line.ts";
import type { Program } from "../../bench/program.ts";

const program = (options: Program["options"]): Program => ({
  summary: "how fast it is",
  takes: "a minute",
  options,
  measure: () => Promise.resolve({ measurements: [] }),
});
const turns = { turns: { default: "3", meaning: "runs" } };
const programs: ReadonlyMap<string, Program> = new Map([
  ["speed", program({ ...turns, node: { default: "", meaning: "options of Node.js" } })],
  ["memory", program(turns)],
]);

const valuesOf = (words: readonly string[]) =>
  askedFor(words, programs).benches.map(({ name, values }) => [name, values]);

test.each<[sentence: string, words: readonly string[], expected: unknown]>([
  [
    "without a name all are asked for",
    [],
    [
      ["speed", { turns: "3", node: "" }],
      ["memory", { turns: "3" }],
    ],
  ],
  ["names stand in front, in any order", ["memory", "--turns", "5"], [["memory", { turns: "5" }]]],
  [
    "an option goes to each that knows it",
    ["memory", "speed", "--turns", "1", "--node=--cpu-prof"],
    [
      ["memory", { turns: "1" }],
      ["speed", { turns: "1", node: "--cpu-prof" }],
    ],
  ],
  ["the file of results is nobody's option", ["memory", "--json", "x.json"], [["memory", { turns: "3" }]]],
])("%s", (_, words, expected) => {
  expect(valuesOf(words)).toEqual(expected);
});

test("the file of results is told", () => {
  expect(askedFor(["memory", "--json", "x.json"], programs).json).toBe("x.json");
  expect(askedFor(["memory"], programs).json).toBeUndefined();
});

test.each<[sentence: string, words: readonly string[], message: RegExp]>([
  ["a bench that is not there is refused with those that are", ["sped"], /no bench sped.*speed, memory/u],
  ["an option of another bench is refused", ["memory", "--node", "x"], /--node/u],
  ["a value without its option is refused", ["memory", "--turns", "1", "2"], /2/u],
])("%s", (_, words, message) => {
  expect(() => askedFor(words, programs)).toThrow(message);
});

test("the usage names each bench, what it takes and its options", () => {
  expect(usageOf(programs).split("\n").slice(2)).toEqual([
    "  speed: how fast it is (a minute)",
    "      --turns 3  runs",
    '      --node ""  options of Node.js',
    "  memory: how fast it is (a minute)",
    "      --turns 3  runs",
  ]);
});
