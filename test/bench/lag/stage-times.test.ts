import { expect, test } from "@jest/globals";

import { latenessWithin, stageTimes } from "../../../bench/lag/stage-times.ts";

test("a stage ran for its seconds until its line was written; other lines tell nothing", () => {
  const lines = [
    {
      timestamp: "2026-11-01T02:00:01.500Z",
      level: "info",
      message: "Using libxgboost.so",
      library: "cache",
    },
    {
      timestamp: "2026-11-01T02:00:02.000Z",
      level: "info",
      message: "extract done",
      stage: "extract",
      seconds: 0.25,
    },
    { timestamp: "2026-11-01T02:00:03.000Z", level: "info", message: "progress", stage: "search", done: 1 },
    {
      timestamp: "2026-11-01T02:00:04.000Z",
      level: "info",
      message: "search done",
      stage: "search",
      seconds: 2,
    },
  ];
  const at = (second: number): number => Date.UTC(2026, 10, 1, 2, 0, 0, second * 1000);
  const text = ["a line that is not JSON", ...lines.map((line) => JSON.stringify(line)), ""].join("\n");
  expect([...stageTimes(text)]).toEqual([
    ["extract", { from: at(1.75), to: at(2) }],
    ["search", { from: at(2), to: at(4) }],
  ]);
});

test.each<[sentence: string, sample: [at: number, late: number], expected: readonly number[]]>([
  ["who wakes up within it is late by all of it", [150, 10], [10]],
  ["who is on time is late by nothing", [150, 0], [0]],
  ["who wakes up after it was late until its end", [230, 90], [60]],
  ["who should have woken up before it was late from its beginning", [110, 50], [10]],
  ["who slept through it was late all the time", [260, 200], [100]],
  ["who woke up before it tells nothing of it", [90, 5], []],
  ["who should wake up after it tells nothing of it", [300, 5], []],
])("lateness within a stage from 100 to 200: %s", (_, sample, expected) => {
  expect(latenessWithin({ from: 100, to: 200 }, [sample])).toEqual(expected);
});
