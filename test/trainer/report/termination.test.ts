import { Buffer } from "node:buffer";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { checkNames } from "../../../contract/checks.ts";
import { stageNames } from "../../../contract/stages.ts";
import { terminationMessageBytes, TerminationMessage } from "../../../contract/termination-message.ts";
import type { CheckResult, DataReport, Evaluation, TrainerReport } from "../../../contract/trainer-report.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { terminationMessage, writeTerminationMessage } from "../../../trainer/report/termination.ts";
import { report, waterfall } from "../../support/builders.ts";

const data: DataReport = {
  asOf: "2026-12-01T01:00:00.000Z",
  timeZone: "Europe/Paris",
  until: "2026-12-01",
  dataThrough: "2026-11-30",
  rows: 31_567,
  stations: 51,
  readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
  lagOnlyReadings: 0,
  summed: 0,
  tables: {
    bikeCount: { granularity: "daily", multipleTimesShare: 0 },
    weather: { granularity: "daily", multipleTimesShare: 0 },
  },
  excluded: [],
  waterfall: waterfall(),
};
const metrics = { n: 100, mae: 80.123, rmse: 153.4, wapePercent: null, r2: 0.93, bias: 1 };
const evaluation: Evaluation = {
  window: { from: "2026-11-03", to: "2026-11-30", days: 28, rows: 1400 },
  trainedRows: 30_000,
  parameters: { maxDepth: 7, learningRate: 0.01, rounds: 1000 },
  parametersFrom: "folds that end before the window: 3",
  candidate: metrics,
  naive: { ...metrics, mae: 117.7 },
  lastWeek: metrics,
  skillPercent: 31.9,
  unjudged: {},
  months: [],
  stations: [],
  series: [],
};
const stages = stageNames.map((name, i) => ({ name, seconds: i + 0.125, rows: 31_567 }));
const lineage = { node: "v24.0.0", codeRevision: "0123abc" };
const check = (differs: Partial<CheckResult> = {}): CheckResult => ({
  name: "age",
  severity: "error",
  passed: false,
  value: 9,
  limit: 7,
  message: "The newest count is too old",
  ...differs,
});

const parsed = (differs: Partial<TrainerReport>): TerminationMessage =>
  TerminationMessage.parse(JSON.parse(terminationMessage(report(differs))));

describe("terminationMessage()", () => {
  test("carries what the operator reads, of an ordinary run in full", () => {
    const current = { version: "20261201T010000Z-run1", runUid: "run-1" };
    expect(parsed({ data, evaluation, stages, version: current.version, current, lineage })).toEqual({
      schemaVersion: 1,
      runUid: "run-1",
      verdict: "Published",
      reason: "NewVersion",
      message: "Version 20261201T010000Z-run1 is current",
      version: current.version,
      current,
      rows: 31_567,
      stations: 51,
      dataThrough: "2026-11-30",
      readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
      missing: { bikeCount: 0, weather: 0 },
      metrics: {
        mae: 80.123,
        rmse: 153.4,
        wapePercent: null,
        naiveMae: 117.7,
        naiveRmse: 153.4,
        naiveWapePercent: null,
      },
      codeRevision: "0123abc",
      stages: stages.map(({ name, seconds }) => ({ name, seconds })),
      peakMemoryBytes: 300 * 2 ** 20,
      failedChecks: [],
    });
  });

  test("carries the error of the version before where there is one", () => {
    const compared = { ...evaluation, champion: { ...metrics, mae: 81.5 } };
    expect(parsed({ evaluation: compared }).metrics).toMatchObject({
      mae: 80.123,
      championMae: 81.5,
      championRmse: 153.4,
      championWapePercent: null,
    });
  });

  test("of the checks only failed ones, the first six", () => {
    const checks = checkNames.map((name, i) => check({ name, passed: i === 1, value: "x".repeat(500) }));
    const { failedChecks = [] } = parsed({ checks });
    expect(failedChecks.map(({ name }) => name)).toEqual([
      "schema",
      "duplicates",
      "rows",
      "age",
      "weather",
      "recentWeather",
    ]);
    expect(failedChecks[0]?.value).toBe(`${"x".repeat(119)}…`);
  });

  test("a long message is cut and says so", () => {
    expect(parsed({ message: "y".repeat(5000) }).message).toBe(`${"y".repeat(999)}…`);
    expect(parsed({ message: "y".repeat(1000) }).message).toBe("y".repeat(1000));
  });
});

test("tells which share of the sources was of no use, and nothing about a source that has nothing", () => {
  const shares = (differs: Partial<DataReport["waterfall"]>, rows: number) =>
    parsed({ data: { ...data, rows, waterfall: waterfall(differs) } }).missing;
  const some = { bike_count: 48_000, null_or_negative: 1200, no_weather: 100, no_lag: 50 };
  expect(shares(some, 850)).toEqual({ bikeCount: 0.025, weather: 0.1 });
  expect(shares({ bike_count: 0 }, 0)).toEqual({});
});

describe("a termination message that is too long", () => {
  test("loses its details first, then its message's end, never its verdict", () => {
    const wide = "\u{1F6B2}".repeat(500); // 4 bytes each, 2 in JavaScript's length
    const shorter = parsed({
      message: wide,
      data,
      stages,
      checks: Array.from({ length: 6 }, () => check({ value: wide })),
    });
    expect(shorter).toMatchObject({ verdict: "Published", rows: 31_567, message: wide });
    expect([shorter.stages, shorter.failedChecks]).toEqual([undefined, undefined]);
    const escaped = parsed({
      message: "\u0000".repeat(1000),
      data,
      stages,
      verdict: "Failed",
      reason: "Bug",
    });
    expect(escaped).toMatchObject({
      verdict: "Failed",
      reason: "Bug",
      rows: 31_567,
      message: `${"\u0000".repeat(199)}…`,
    });
  });

  test("fits and can be read, however monstrous the report", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom("\u0000", "\uD800", "é", "€", "\u{1F6B2}", '"', "\\").map((unit) => unit.repeat(5000)),
    );
    const checks = fc
      .tuple(text, text, fc.constantFrom(...checkNames))
      .map(([value, message, name]) =>
        Array.from({ length: 300 }, () => check({ name, value, limit: value, message })),
      );
    const reports = fc.record({
      message: text,
      reason: text,
      verdict: fc.constantFrom(...Object.values(Verdict)),
      checks,
    });
    fc.assert(
      fc.property(reports, (monstrous) => {
        const written = terminationMessage(report({ ...monstrous, data, evaluation, stages }));
        expect(Buffer.byteLength(written)).toBeLessThanOrEqual(terminationMessageBytes);
        expect(TerminationMessage.parse(JSON.parse(written))).toMatchObject({
          verdict: monstrous.verdict,
          rows: 31_567,
        });
      }),
    );
  });
});

test("writeTerminationMessage() replaces whatever the file holds", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "termination-"));
  try {
    const file = path.join(directory, "termination-log");
    await writeFile(file, "x".repeat(10_000));
    writeTerminationMessage(file, report());
    expect(await readFile(file, "utf8")).toBe(terminationMessage(report()));
  } finally {
    await rm(directory, { recursive: true });
  }
});
