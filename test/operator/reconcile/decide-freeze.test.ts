import { beforeEach, expect, test } from "@jest/globals";
import { z } from "zod";

import { reportOf, settingsOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endRun, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const status = () => cluster.run("a").status;

const other = settingsOf({ defaults: { training: { folds: 9 } } });
const folds = (): unknown =>
  z.looseObject({ training: z.looseObject({ folds: z.int() }) }).parse(status().resolved?.input).training
    .folds;

test("what was accepted is not changed by another configuration", () => {
  startRun(cluster, "b");
  cluster.create({ name: "a" });
  cluster.settle();
  cluster.settings = other;
  expect(cluster.settle().statuses).toEqual([]);
  expect(folds()).toBe(3);
});

test("what was accepted is made anew when the spec of a waiting run is edited", () => {
  startRun(cluster, "b");
  cluster.create({ name: "a" });
  cluster.settle();
  cluster.settings = other;
  cluster.edit(cluster.run("a"), { spec: { dryRun: true } });
  cluster.settle();
  expect(folds()).toBe(9);
  cluster.edit(cluster.run("a"), { spec: { model: "typo" } });
  cluster.settle();
  expect(status()).not.toHaveProperty("resolved");
  expect(cluster.word("a", "Accepted")).toMatch(/^False UnknownModel: .*typo/);
  expect(cluster.word("a")).toMatch(/^False UnknownModel: .*typo/);
});

test("what was accepted is not made anew for a run that has started, whatever is edited", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 70 });
  cluster.settings = other;
  cluster.edit(cluster.run("a"), { spec: { suspend: true } });
  cluster.wait(60);
  expect(status()).toMatchObject({ observedGeneration: 2, attempts: [{}, {}] });
  expect(folds()).toBe(3);
});

test("what was accepted keeps the fields of a later version", () => {
  startRun(cluster, "b");
  cluster.create({ name: "a" });
  cluster.settle();
  const { resolved } = status();
  const later = { ...status(), ...(resolved && { resolved: { ...resolved, later: "x" } }) };
  cluster.edit(cluster.run("a"), { status: later });
  endRun(cluster, "b", { report: reportOf("b") });
  expect(status()).toMatchObject({ startTime: "2026-12-01T02:00:00Z", resolved: { later: "x" } });
});

test("a refused run is looked at again when it is mended, or the configuration is", () => {
  cluster.create({ name: "a", spec: { model: "trams" } });
  cluster.create({ name: "b", spec: { model: "typo" } });
  cluster.settle();
  expect(cluster.settle()).toMatchObject({ statuses: [], wakeAt: undefined });
  cluster.settings = settingsOf({ models: { "bike-traffic": {}, trams: {} } });
  cluster.edit(cluster.run("b"), { spec: {} });
  cluster.settle();
  expect(cluster.word("a")).toMatch(/^True Pending/);
  expect(cluster.word("b")).toMatch(/^False Queued/);
});
