import { describe, expect, test } from "@jest/globals";

import { checks, type CheckName } from "../../../contract/checks.ts";
import type { CheckResult } from "../../../contract/trainer-report.ts";
import { abortingChecks, abortion, judgeData, schemaFailure } from "../../../trainer/checks/data-gate.ts";
import type { Facts } from "../../../trainer/checks/facts.ts";
import { dayOf, plusDays, type Day } from "../../../trainer/days.ts";
import { everyDay, facts, input, waterfall } from "../../support/builders.ts";

type Limits = Partial<ReturnType<typeof input>["checks"]>;

const counts = everyDay(
  "a",
  "2026-10-01",
  Array.from({ length: 60 }, (_, i) => 100 + (i % 7)),
);

const judged = (differs: Partial<Facts> = {}, limits: Limits = {}): CheckResult[] =>
  judgeData(facts(counts, differs), { ...input().checks, ...limits });
const champion = { version: "v", rows: 5000, stations: 1, dataThrough: dayOf("2026-11-15") };
const asOf = (age: number): Partial<Facts> => ({
  asOf: plusDays(facts(counts).counts.days.at(-1) ?? (0 as Day), age),
});

describe("judgeData()", () => {
  test("asks every check but schema, and finds nothing wrong with sound data", () => {
    const results = judged({ memoryLimitBytes: 100, champion });
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.map(({ name }) => name)).toEqual(Object.keys(checks).filter((name) => name !== "schema"));
    expect(results.map(({ severity }) => severity)).toEqual(results.map(({ name }) => checks[name].severity));
  });

  test("the checks against the current version have each their own limits", () => {
    const limitOf = new Map(judged({ champion }).map(({ name, limit }) => [name, limit]));
    expect(
      ["rowsRatio", "stationsRatio", "level", "stationLevel", "stuck"].map((name) =>
        limitOf.get(name as CheckName),
      ),
    ).toEqual([90, 90, "50 to 200", 20, 25]);
    const differs = { minRowsPercent: 1, minStationsPercent: 2 };
    const others = judged({ champion }, differs).filter(({ name }) => name.endsWith("Ratio"));
    expect(others.map(({ limit }) => limit)).toEqual([1, 2]);
  });

  test("what cannot be asked is left out: the age of no counts, memory without a limit", () => {
    const nothing = judgeData(facts([]), input().checks).map(({ name }) => name);
    expect(nothing).not.toContain("age");
    expect(nothing).not.toContain("memory");
    expect(nothing).not.toContain("weather");
    expect(nothing).toContain("rows");
  });

  test.each([
    { when: "in a first run", differs: {} },
    {
      when: "when nothing has been counted since",
      differs: { champion: { ...champion, dataThrough: dayOf("2026-11-29") } },
    },
  ])("there are no new days to ask about $when", ({ differs }) => {
    const names = judged(differs).map(({ name }) => name);
    for (const name of ["level", "stationLevel", "stuck"]) expect(names).not.toContain(name);
    expect(names.includes("rowsRatio")).toBe("champion" in differs);
    expect(names.includes("stationsRatio")).toBe("champion" in differs);
  });

  test("severities can be changed, and a check that is off is not asked", () => {
    const broken: Partial<Facts> = { ...asOf(20), conflicts: { counts: 1, weather: 0 } };
    const severity = { age: "warning", duplicates: "off", zeroRuns: "error" } as const;
    const results = judged(broken, { severity });
    expect(results.map(({ name }) => name)).not.toContain("duplicates");
    expect(results.find(({ name }) => name === "age")).toMatchObject({ severity: "warning", passed: false });
    expect(results.find(({ name }) => name === "zeroRuns")).toMatchObject({
      severity: "error",
      passed: true,
    });
    expect(abortingChecks(results)).toEqual([]);
  });
});

describe("abortion()", () => {
  test("all failed checks are told at once, the first gives the reason", () => {
    const broken = {
      ...asOf(9),
      waterfall: waterfall({ training_rows: 3 }),
      conflicts: { counts: 0, weather: 1 },
    };
    const failed = abortingChecks(judged(broken));
    expect(failed.map(({ name }) => name)).toEqual(["duplicates", "rows", "age"]);
    const { reason, message } = abortion(failed);
    expect(reason).toBe("AmbiguousDuplicates");
    expect(message).toMatch(/^1 duplicate .*\(also failed: rows, age\)$/);
  });

  test("a single failure is not said to have company", () => {
    const [failed] = abortingChecks(judged(asOf(9)));
    expect(abortion(failed === undefined ? [] : [failed])).toEqual({
      reason: "StaleData",
      message: failed?.message,
    });
  });

  test("tables that cannot be read are the check schema", () => {
    const failure = schemaFailure(["there is no table a", "table b has no column c"]);
    expect(failure).toMatchObject({ passed: false, severity: "error", value: 2, limit: 0 });
    expect(abortion([failure])).toEqual({
      reason: "SchemaMismatch",
      message: "The source cannot be read: there is no table a; table b has no column c",
    });
  });

  test("an abortion without a failed check is a bug", () => {
    expect(() => abortion([])).toThrow(expect.objectContaining({ reason: "Bug" }));
  });
});
