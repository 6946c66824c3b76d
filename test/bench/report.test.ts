import { expect, test } from "@jest/globals";

import {
  areMet,
  judged,
  linesOf,
  reportOf as reportOfResults,
  type Judged,
  type Measurement,
  type Report,
} from "../../bench/report.ts";

const measured = (differs: Partial<Measurement>): Measurement => ({
  name: "start",
  unit: "s",
  ours: 4,
  ...differs,
});
const reportOf = (...benches: readonly Judged[]): Report => ({ machine: {}, versions: {}, benches });

test.each<[sentence: string, measured: Partial<Measurement>, met: boolean | undefined]>([
  ["what is just at most the bar meets it", { bar: { atMost: 4 } }, true],
  ["what is more than the bar does not", { bar: { atMost: 3.999 } }, false],
  ["what is just at least the bar meets it", { bar: { atLeast: 4 } }, true],
  ["what is less than the bar does not", { bar: { atLeast: 4.001 } }, false],
  ["with a peer the ratio counts: five times faster", { peer: 20, bar: { atLeast: 5 } }, true],
  ["with a peer the ratio counts: only twice as fast", { peer: 8, bar: { atLeast: 3 } }, false],
  ["without a bar nothing is judged", {}, undefined],
])("%s", (_, differs, met) => {
  expect(judged(measured(differs)).met).toBe(met);
});

test("a report is met when no bar of it is missed", () => {
  const [good, bad] = [judged(measured({ bar: { atMost: 5 } })), judged(measured({ bar: { atMost: 1 } }))];
  expect(areMet(reportOf(good, judged(measured({}))))).toBe(true);
  expect(areMet(reportOf(good, bad))).toBe(false);
});

test("a line says what was measured, in which unit, beside what and whether the bar is met", () => {
  const report = reportOf(
    judged(measured({ name: "heap", unit: "MB", bar: { atMost: 3 } })),
    judged(measured({ peer: 20, bar: { atLeast: 5 } })),
    judged(measured({ unit: "", ours: 2 / 3 })),
  );
  expect(linesOf(report)).toEqual([
    "heap   4 MB   NOT MET: <= 3 MB",
    "start  4 s, peer 20, ratio 5   met: >= 5 times",
    "start  0.667",
  ]);
});

test("results of several benches are one report, with everything that was measured beside Node.js", () => {
  const report = reportOfResults([
    { measurements: [measured({ name: "first", each: { ours: [3, 5] } })], versions: { python: "3.12.1" } },
    { measurements: [measured({ name: "second", peer: 4 / 3 })] },
  ]);
  expect(report.benches).toEqual([
    { name: "first", unit: "s", ours: 4, each: { ours: [3, 5] } },
    { name: "second", unit: "s", ours: 4, peer: 1.333, ratio: 0.333 },
  ]);
  expect(report.versions).toEqual({ node: process.versions.node, v8: process.versions.v8, python: "3.12.1" });
});
