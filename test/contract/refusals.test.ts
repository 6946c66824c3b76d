import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../contract/configuration.ts";
import { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { TrainerInput } from "../../contract/trainer-input.ts";
import { input } from "../support/builders.ts";

/** What people are told about a spec, as `path: sentence`. */
function refusals(spec: unknown): string[] {
  const parsed = RetrainRunSpec.safeParse(spec);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const refused: readonly { spec: unknown; path: string; says: string }[] = [
  { spec: { modle: "x" }, path: "", says: "modle" },
  { spec: { source: { tables: { bikes: "x" } } }, path: "source.tables", says: "bikes" },
  {
    spec: { source: { columns: { weather: { rain: "x" } } } },
    path: "source.columns.weather",
    says: "rain",
  },
  { spec: { training: { grid: { depth: [3] } } }, path: "training.grid", says: "depth" },
  { spec: { checks: { severity: { height: "off" } } }, path: "checks.severity", says: "height" },
  {
    spec: { checks: { severity: { age: "fatal" } } },
    path: "checks.severity.age",
    says: '"error"|"warning"|"off"',
  },
  { spec: { model: "Bike_Traffic" }, path: "model", says: "expected lower-case letters, digits and '-'" },
  { spec: { model: "../x" }, path: "model", says: "starting with a letter" },
  { spec: { model: "a-" }, path: "model", says: "expected lower-case" },
  { spec: { period: "2026-13" }, path: "period", says: "expected a month such as 2026-12" },
  { spec: { period: "2026-1" }, path: "period", says: "expected a month such as 2026-12" },
  { spec: { trigger: "Cron" }, path: "trigger", says: "Schedule" },
  { spec: { force: {} }, path: "force.reason", says: "string" },
  {
    spec: { source: { timeZone: "Europe/Pari" } },
    path: "source.timeZone",
    says: "expected an IANA time zone",
  },
  { spec: { source: { asOf: "2026-12-01" } }, path: "source.asOf", says: "datetime" },
  { spec: { source: { until: "2026-02-30" } }, path: "source.until", says: "date" },
  { spec: { source: { until: "P1M" } }, path: "source.until", says: "date" },
  {
    spec: { source: { tables: { weather: "a.b.c" } } },
    path: "source.tables.weather",
    says: "schema.table",
  },
  {
    spec: { source: { tables: { weather: "a\0b" } } },
    path: "source.tables.weather",
    says: "expected a table name",
  },
  { spec: { source: { exclude: [{ from: "2026-01-01" }] } }, path: "source.exclude.0.why", says: "string" },
  {
    spec: { source: { granularity: { weather: "daly" } } },
    path: "source.granularity.weather",
    says: "auto",
  },
  { spec: { features: { holidayCountry: "France" } }, path: "features.holidayCountry", says: "such as FR" },
  {
    spec: { training: { grid: { maxDepth: [3, 3] } } },
    path: "training.grid.maxDepth",
    says: "expected each value once",
  },
  { spec: { training: { grid: { rounds: [] } } }, path: "training.grid.rounds", says: ">=1" },
  { spec: { training: { grid: { learningRate: [0] } } }, path: "training.grid.learningRate.0", says: ">0" },
  {
    spec: { training: { grid: { learningRate: [1.01] } } },
    path: "training.grid.learningRate.0",
    says: "<=1",
  },
  { spec: { training: { folds: 1 } }, path: "training.folds", says: ">=2" },
  { spec: { training: { folds: 2.5 } }, path: "training.folds", says: "int" },
  { spec: { gate: { tolerancePercent: 101 } }, path: "gate.tolerancePercent", says: "<=100" },
  { spec: { gate: { tolerancePercent: -1 } }, path: "gate.tolerancePercent", says: ">=0" },
  { spec: { checks: { minRows: "many" } }, path: "checks.minRows", says: "expected number" },
  { spec: { storage: { keepVersions: 1 } }, path: "storage.keepVersions", says: ">=2" },
  {
    spec: { job: { resources: { requests: {}, limits: { memory: "2 GB" } } } },
    path: "job.resources.limits.memory",
    says: "500m or 2Gi",
  },
];

describe("a spec is refused with the field's path", () => {
  test.each(refused)("$spec", ({ spec, path, says }) => {
    const told = refusals(spec);
    expect(told).toHaveLength(1);
    expect(told[0]?.startsWith(`${path}: `)).toBe(true);
    expect(told[0]).toContain(says);
  });

  test("all that is wrong is told at once", () => {
    expect(refusals({ model: "X", period: "x", training: { folds: 0, seed: -1 } })).toHaveLength(4);
  });
});

describe("source.since", () => {
  test.each(["2026-12-01", "P3Y", "P18M", "P2W", "P90D", "P1Y6M2W3D"])("may be %s", (since) => {
    expect(refusals({ source: { since } })).toEqual([]);
  });
  test.each([
    "3Y",
    "P",
    "P3",
    "PT5H",
    "P1D1Y",
    "P-1Y",
    "P1.5Y",
    "yesterday",
    "2026-12",
    "2026-12-01T00:00:00Z",
    "",
  ])("may not be %p", (since) => {
    expect(refusals({ source: { since } })).toEqual([
      "source.since: expected a day such as 2026-12-01, or a duration such as P3Y or P18M",
    ]);
  });
});

describe("source.timeZone", () => {
  test.each(["Europe/Paris", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+1"])(
    "may be %s",
    (timeZone) => {
      expect(refusals({ source: { timeZone } })).toEqual([]);
    },
  );
  test.each(["+01:00", "IST", "BST", "EST", "", "/", "Europe/"])(
    "may not be %p, which PostgreSQL reads differently or not at all",
    (timeZone) => {
      const told = ["source.timeZone: expected an IANA time zone such as Europe/Paris"];
      expect(refusals({ source: { timeZone } })).toEqual(told);
    },
  );
});

describe("other documents", () => {
  test.each([
    { document: { model: "Bad Name" }, path: "model" },
    { document: { models: { "Bad Name": {} } }, path: "models.Bad Name" },
    {
      document: { models: { bikes: { spec: { training: { folds: 1 } } } } },
      path: "models.bikes.spec.training.folds",
    },
    { document: { defaults: { model: "x" } }, path: "defaults" },
    { document: { defualts: {} }, path: "" },
  ])("a configuration is refused at $path", ({ document, path }) => {
    const parsed = Configuration.safeParse(document);
    expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  test("TRAINER_INPUT is refused when a part is missing: nothing is defaulted there", () => {
    const whole = input();
    for (const part of [
      "runUid",
      "model",
      "trigger",
      "dryRun",
      "source",
      "features",
      "training",
      "gate",
      "checks",
      "storage",
    ]) {
      const { [part as keyof typeof whole]: _removed, ...rest } = whole;
      const issues = TrainerInput.safeParse(rest).error?.issues.map(({ path }) => path.join("."));
      expect(issues).toEqual([part]);
    }
    expect(TrainerInput.safeParse({ ...whole, runUid: "../x" }).success).toBe(false);
  });
});
