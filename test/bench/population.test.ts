import { expect, test } from "@jest/globals";

import { finishedStatus } from "../../bench/cluster/finished-status.ts";
import { configurationOf, modelsOf } from "../../bench/cluster/population.ts";
import { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { RetrainRunStatus } from "../../contract/status.ts";
import { Resolved } from "../../operator/reconcile/resolved.ts";

const models = modelsOf({ models: 3, runs: 4, starting: 1 }, new Date("2026-02-14T12:00:00Z"));
const [first] = models;
const configuration = configurationOf(models);

test("a model has finished runs of the months before, the oldest first, and one of this month", () => {
  expect(first?.finished.map(({ metadata }) => metadata.name)).toEqual([
    "bikes-0000-2025-11",
    "bikes-0000-2025-12",
    "bikes-0000-2026-01",
  ]);
  expect(first?.unseen.metadata.name).toBe("bikes-0000-2026-02");
});

test("as many new runs start as were asked for, the others are suspended", () => {
  expect(models.map(({ unseen }) => unseen.spec.suspend)).toEqual([undefined, true, true]);
});

test("every run and the configuration are valid, and each model is configured", () => {
  const runs = models.flatMap(({ finished, unseen }) => [...finished, unseen]);
  expect(runs).toHaveLength(12);
  for (const { spec } of runs) expect(RetrainRunSpec.safeParse(spec).error).toBeUndefined();
  expect(Object.keys(configuration.models)).toEqual(["bikes-0000", "bikes-0001", "bikes-0002"]);
});

test("the status of a finished run is a valid one of 4 to 8 kB, with a whole frozen input", () => {
  const run = first?.finished[0];
  const status = run && finishedStatus(run, configuration);
  expect(RetrainRunStatus.safeParse(status).error).toBeUndefined();
  expect(Resolved.safeParse(status?.resolved).error).toBeUndefined();
  expect(status?.resolved).toMatchObject({ model: "bikes-0000", period: "2025-11" });
  const bytes = Buffer.byteLength(JSON.stringify(status));
  expect(bytes).toBeGreaterThan(4000);
  expect(bytes).toBeLessThan(8000);
});
