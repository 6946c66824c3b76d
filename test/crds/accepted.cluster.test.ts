import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { builtInDefaults } from "../../contract/defaults.ts";
import { startWithRetrainRuns, type RetrainRuns } from "./retrain-runs.ts";

let runs: RetrainRuns;
beforeAll(async () => {
  runs = await startWithRetrainRuns();
}, 60_000);
afterAll(async () => {
  await runs[Symbol.asyncDispose]();
});

let count = 0;
const name = (): string => `run-${String(++count)}`;

const accepted: readonly { what: string; spec: unknown }[] = [
  { what: "nothing at all", spec: undefined },
  { what: "an empty spec", spec: {} },
  { what: "every section with its built-in default", spec: builtInDefaults },
  { what: "a day", spec: { source: { since: "2024-02-29" } } },
  { what: "a duration", spec: { source: { since: "P1Y6M" } } },
  { what: "no order column", spec: { source: { columns: { bikeCount: { order: null } } } } },
  { what: "a table in a schema", spec: { source: { tables: { weather: "city.weather" } } } },
  { what: "the zone UTC", spec: { source: { timeZone: "UTC" } } },
  { what: "a time with an offset", spec: { source: { asOf: "2026-12-01T03:00:00+01:00" } } },
  { what: "a check that is off", spec: { checks: { severity: { age: "off" } } } },
  { what: "a list of 10,000 stations", spec: { source: { blacklist: Array(10_000).fill("station") } } },
];

test.each(accepted)("$what is accepted and kept as it is", async ({ spec }) => {
  expect(await runs.create(name(), spec)).toMatchObject({ status: 201, object: { spec: spec ?? {} } });
});

const refused: readonly { spec: unknown; says: string }[] = [
  { spec: { modle: "x" }, says: 'unknown field "spec.modle"' },
  { spec: { gate: { tolerance: 5 } }, says: 'unknown field "spec.gate.tolerance"' },
  { spec: { checks: { severity: { height: "off" } } }, says: 'unknown field "spec.checks.severity.height"' },
  {
    spec: { model: "Bike_Traffic" },
    says: 'spec.model: Invalid value: "Bike_Traffic": spec.model in body should match',
  },
  { spec: { model: "x".repeat(41) }, says: "spec.model: Too long: may not be more than 40 bytes" },
  { spec: { period: "2026-13" }, says: 'spec.period: Invalid value: "2026-13"' },
  {
    spec: { trigger: "Cron" },
    says: 'spec.trigger: Unsupported value: "Cron": supported values: "Schedule", "Api", "Manual"',
  },
  { spec: { force: {} }, says: "spec.force.reason: Required value" },
  { spec: { dryRun: "yes" }, says: 'spec.dryRun: Invalid value: "string"' },
  { spec: { source: { since: "3Y" } }, says: "spec.source.since: Invalid value" },
  { spec: { source: { since: "P" } }, says: "spec.source.since: Invalid value" },
  { spec: { source: { since: "2026-02-30" } }, says: "spec.source.since: Invalid value" },
  {
    spec: { source: { until: "2026-02-30" } },
    says: 'spec.source.until in body must be of type date: "2026-02-30"',
  },
  { spec: { source: { asOf: "2026-12-01" } }, says: "spec.source.asOf in body must be of type date-time" },
  {
    spec: { source: { timeZone: "CET" } },
    says: 'spec.source.timeZone: Invalid value: "string": expected an IANA time zone such as Europe/Paris',
  },
  {
    spec: { source: { tables: { weather: "a.b.c" } } },
    says: "spec.source.tables.weather in body should match",
  },
  {
    spec: { source: { exclude: [{ from: "2026-01-01" }] } },
    says: "spec.source.exclude[0].why: Required value",
  },
  { spec: { features: { holidayCountry: "fr" } }, says: "spec.features.holidayCountry in body should match" },
  {
    spec: { training: { grid: { maxDepth: [3, 3] } } },
    says: 'spec.training.grid.maxDepth: Invalid value: "array": expected each value once',
  },
  { spec: { training: { grid: { learningRate: [0.1, 0.1] } } }, says: "expected each value once" },
  {
    spec: { training: { grid: { learningRate: [0] } } },
    says: "spec.training.grid.learningRate[0] in body should be greater than 0",
  },
  {
    spec: { training: { grid: { rounds: [] } } },
    says: "spec.training.grid.rounds in body should have at least 1 items",
  },
  { spec: { training: { folds: 2.5 } }, says: "spec.training.folds in body must be of type integer" },
  {
    spec: { gate: { tolerancePercent: 101 } },
    says: "spec.gate.tolerancePercent in body should be less than or equal to 100",
  },
  { spec: { gate: { mode: "Enforced" } }, says: 'spec.gate.mode: Unsupported value: "Enforced"' },
  {
    spec: { storage: { keepVersions: 1 } },
    says: "spec.storage.keepVersions in body should be greater than or equal to 2",
  },
  {
    spec: { job: { resources: { limits: { memory: "2GB" } } } },
    says: "spec.job.resources.limits.memory in body should match",
  },
  {
    spec: { source: { blacklist: Array(10_001).fill("s") } },
    says: "spec.source.blacklist: Too many: 10001: must have at most 10000 items",
  },
];

test.each(refused)("$says", async ({ spec, says }) => {
  const answer = await runs.create(name(), spec);
  expect(answer.status).not.toBe(201);
  expect(answer.message).toContain(says);
});

describe("a status", () => {
  const startedAt = "2026-12-01T02:00:00Z";

  test.each([
    { says: "verdict: Unsupported value", status: { verdict: "Done" } },
    { says: "startTime in body must be of type date-time", status: { startTime: "yesterday" } },
    {
      says: 'Duplicate value: {"type":"Finished"}',
      status: {
        conditions: [1, 2].map(() => ({
          type: "Finished",
          status: "False",
          reason: "Running",
          message: "",
          lastTransitionTime: startedAt,
        })),
      },
    },
    {
      says: 'Duplicate value: {"job":"rr-1"}',
      status: { attempts: [1, 2].map(() => ({ job: "rr-1", startedAt })) },
    },
    { says: "must have at most 10 items", status: { attempts: Array(11).fill({ job: "rr-1", startedAt }) } },
  ])("is refused: $says", async ({ says, status }) => {
    const run = name();
    await runs.create(run);
    const answer = await runs.patchStatus(run, status);
    expect(answer.status).toBe(422);
    expect(answer.message).toContain(says);
  });

  test("keeps the trainer's input and fields of a later version", async () => {
    const run = name();
    await runs.create(run);
    const resolved = {
      model: "bikes",
      input: { gate: { mode: "Warn" } },
      inputHash: "ab",
      image: "trainer:1",
    };
    expect(await runs.patchStatus(run, { resolved })).toMatchObject({
      status: 200,
      object: { status: { resolved } },
    });
  });

  test("is not written with the spec", async () => {
    const run = name();
    const { plane } = runs;
    const body = {
      apiVersion: "retrain.velo/v1alpha1",
      kind: "RetrainRun",
      metadata: { name: run },
      status: { verdict: "Published" },
    };
    const all = "/apis/retrain.velo/v1alpha1/namespaces/default/retrainruns";
    const { object } = await plane.ask(all, { method: "POST", body });
    expect(object).not.toHaveProperty("status");
  });
});
