import { describe, expect, test } from "@jest/globals";

import type { CheckName } from "../../../contract/checks.ts";
import type { CheckResult } from "../../../contract/trainer-report.ts";
import { judgeData } from "../../../trainer/checks/data-gate.ts";
import type { Facts } from "../../../trainer/checks/facts.ts";
import { predictedBytes } from "../../../trainer/checks/memory-need.ts";
import { dayOf, plusDays, type Day } from "../../../trainer/days.ts";
import { everyDay, facts, input, waterfall } from "../../support/builders.ts";

type Limits = Partial<ReturnType<typeof input>["checks"]>;

const counts = everyDay(
  "a",
  "2026-10-01",
  Array.from({ length: 60 }, (_, i) => 100 + (i % 7)),
);
const newest = "2026-11-29";

function found(name: CheckName, differs: Partial<Facts> = {}, limits: Limits = {}): CheckResult {
  const results = judgeData(facts(counts, differs), { ...input().checks, ...limits });
  const result = results.find((each) => each.name === name);
  if (result === undefined) throw new Error(`The check ${name} has not been asked`);
  return result;
}
const asOf = (age: number): Partial<Facts> => ({
  asOf: plusDays(facts(counts).counts.days.at(-1) ?? (0 as Day), age),
});
/** Weather everywhere but on so many of the days between two positions. */
const dark = (from: number, days: number): Partial<Facts> => {
  const all = facts(counts).counts.days;
  const without = new Set(all.slice(from, from + days));
  return { hasWeather: (day) => !without.has(day), firstWeatherDay: all.find((day) => !without.has(day)) };
};
const MiB = 2 ** 20;

const cases: readonly {
  name: CheckName;
  at: Partial<Facts>;
  beyond: Partial<Facts>;
  limits?: Limits;
  value: unknown;
  limit: unknown;
  says: string[];
}[] = [
  {
    name: "empty",
    at: { readings: { bikeCount: 1, weather: 1, countersInfo: 1 } },
    beyond: { readings: { bikeCount: 1, weather: 0, countersInfo: 0 } },
    value: "bikeCount 1, weather 0, countersInfo 0",
    limit: "1 row each",
    says: ["weather and countersInfo", "check the import"],
  },
  {
    name: "duplicates",
    at: { conflicts: { counts: 0, weather: 0 } },
    beyond: { conflicts: { counts: 2, weather: 1 } },
    value: 3,
    limit: 0,
    says: ["3 duplicates", "source.columns.<table>.order"],
  },
  {
    name: "rows",
    at: { waterfall: waterfall({ training_rows: 1000 }) },
    beyond: { waterfall: waterfall({ training_rows: 999, null_or_negative: 1, no_weather: 4000 }) },
    value: 999,
    limit: 1000,
    says: ["5,000 readings leave 999 training rows", "at least 1,000", "4,000 have no weather on their day"],
  },
  {
    name: "age",
    at: asOf(7),
    beyond: asOf(8),
    value: 8,
    limit: 7,
    says: [`of ${newest}, 8 days before 2026-12-07`, "at most 7", "check the import"],
  },
  {
    name: "weather",
    at: dark(10, 3),
    beyond: dark(10, 4),
    value: 6.7,
    limit: 5,
    says: [
      "4 count days of 60 from 2026-10-01 to 2026-11-29",
      "newest is 2026-10-14",
      "at most 5 %",
      "import the missing weather",
    ],
  },
  {
    name: "recentWeather",
    at: dark(59, 1),
    beyond: dark(58, 2),
    value: 7.1,
    limit: 5,
    says: ["2 count days of 28 from 2026-11-02 to 2026-11-29", "newest is 2026-11-29"],
  },
  {
    name: "memory",
    at: { predictedBytes: 512 * MiB, memoryLimitBytes: 512 * MiB },
    beyond: { predictedBytes: 512 * MiB + 1, memoryLimitBytes: 512 * MiB },
    value: 513,
    limit: 512,
    says: ["about 513 MiB", "may use 512 MiB", "raise job.resources.limits.memory or set source.since"],
  },
];

describe("the limit of a check", () => {
  test.each(cases)(
    "$name passes at its limit and fails beyond",
    ({ name, at, beyond, limits = {}, value, limit, says }) => {
      expect(found(name, at, limits)).toMatchObject({ passed: true, limit });
      const failed = found(name, beyond, limits);
      expect(failed).toMatchObject({ passed: false, value, limit, severity: "error" });
      for (const words of says) expect(failed.message).toContain(words);
    },
  );

  test("limits are configuration", () => {
    const few = { waterfall: waterfall({ training_rows: 10 }) };
    expect(found("rows", few, { minRows: 10 }).passed).toBe(true);
    expect(found("age", asOf(30), { maxAgeDays: 30 }).passed).toBe(true);
    expect(found("weather", dark(10, 6), { maxMissingWeatherPercent: 10 }).passed).toBe(true);
    expect(found("recentWeather", dark(59, 1), { maxMissingWeatherPercent: 0 }).passed).toBe(false);
  });

  test("counts that source.exclude takes away show that the import is alive", () => {
    const excluded = { ...asOf(20), newestReading: plusDays(dayOf(newest), 19) };
    expect(found("age", excluded)).toMatchObject({ passed: true, value: 1 });
    expect(found("age", excluded).message).toBe("The newest count is of 2026-12-18");
  });

  test("days before the first weather are missed by nobody", () => {
    expect(found("weather", dark(0, 31)).passed).toBe(true);
    expect(found("weather", dark(0, 31)).message).toContain("from 2026-11-01");
    expect(found("recentWeather", dark(0, 34))).toMatchObject({ passed: false, value: 7.1 });
  });

  test("a gap at the start of the counts is seen when the weather began earlier", () => {
    const gap = { ...dark(0, 10), firstWeatherDay: dayOf("2020-01-01") };
    expect(found("weather", gap)).toMatchObject({ passed: false });
  });

  test("without any weather the newest days say so", () => {
    const nowhere = { hasWeather: () => false, firstWeatherDay: undefined };
    expect(() => found("weather", nowhere)).toThrow("has not been asked");
    expect(found("recentWeather", nowhere)).toMatchObject({ passed: false, value: 100 });
  });
});

test("the predicted need of memory grows with rows and threads", () => {
  expect(predictedBytes(8e6, 1)).toBeGreaterThan(predictedBytes(4e6, 1));
  expect(predictedBytes(4e6, 4)).toBeGreaterThan(predictedBytes(4e6, 1));
});

test("the predicted need of memory of a small history is that of the report's page beside the process", () => {
  expect(predictedBytes(0, 1)).toBe(520 * MiB);
  expect(predictedBytes(1e6, 1)).toBe(520 * MiB);
});
