import { beforeEach, describe, expect, test } from "@jest/globals";

import { reportOf, uidOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endPod, endRun, podOf, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const restore = { version: "v1", reason: "it was better" };

test("a run marked as started stays as it was accepted although no Job of it is seen", () => {
  cluster.create({ name: "a" });
  cluster.pass();
  const before = cluster.run("a").status.resolved;
  cluster.edit(cluster.run("a"), { startedAs: uidOf("a") });
  cluster.edit(cluster.run("a"), { spec: { training: { folds: 7 } } });
  cluster.settle();
  expect(cluster.run("a").status).toMatchObject({ observedGeneration: 2, resolved: before });
});

test("a run that came back before it started is accepted anew, under its own uid", () => {
  cluster.create({ name: "old" });
  cluster.pass();
  const { status } = cluster.run("old");
  cluster.runs.clear();
  cluster.create({ name: "copy", status });
  cluster.pass();
  expect(cluster.run("copy").status).toMatchObject({ resolved: { input: { runUid: uidOf("copy") } } });
  cluster.settle();
  expect(cluster.word("copy")).toMatch(/^True Pending/);
});

describe("an edit that comes too late", () => {
  test("makes no restore of a run, which would overtake the others", () => {
    startRun(cluster, "a");
    cluster.create({ name: "b" });
    cluster.create({ name: "c" });
    cluster.edit(cluster.run("c"), { startedAs: uidOf("c") });
    cluster.settle();
    cluster.edit(cluster.run("c"), { spec: { restore } });
    endRun(cluster, "a", { report: reportOf("a") });
    expect(cluster.word("b")).toMatch(/^True Pending/);
  });

  test.each([{ force: { reason: "once more" } }, { dryRun: true }])(
    "does not let a run do a period again: %j",
    (late) => {
      const december = { period: "2026-12" };
      startRun(cluster, "a", december);
      cluster.create({ name: "b", spec: december });
      cluster.settle();
      cluster.edit(cluster.run("b"), { startedAs: uidOf("b") });
      cluster.edit(cluster.run("b"), { spec: { ...december, ...late } });
      endRun(cluster, "a", { report: reportOf("a") });
      expect(cluster.end("b")).toBe("Skipped/AlreadyDone");
    },
  );

  test("does not take from a run that it has done its period", () => {
    const december = { period: "2026-12" };
    startRun(cluster, "a", december);
    endRun(cluster, "a", { report: reportOf("a") });
    cluster.edit(cluster.run("a"), { spec: { ...december, dryRun: true } });
    cluster.create({ name: "b", spec: december });
    cluster.settle();
    expect(cluster.end("b")).toBe("Skipped/AlreadyDone");
  });
});

describe("a running run whose spec cannot be used any more", () => {
  const unusable = { reason: "InvalidSpec", message: "spec.trigger is new", asked: {} };
  beforeEach(() => {
    startRun(cluster, "a");
  });

  test("goes on as it was accepted", () => {
    cluster.edit(cluster.run("a"), { spec: unusable });
    cluster.settle();
    expect(cluster.word("a")).toMatch(/^True Running/);
  });

  test("can be cancelled", () => {
    cluster.edit(cluster.run("a"), { spec: { ...unusable, asked: { cancel: true } } });
    expect(cluster.pass().action).toMatchObject({ do: "suspend-job" });
  });

  test("is cancelled once by a restore that does not wait", () => {
    cluster.edit(cluster.run("a"), { spec: unusable });
    cluster.create({ name: "r", spec: { restore: { ...restore, preempt: true } } });
    cluster.settle();
    endPod(cluster, podOf(cluster, "a"), { exitCode: 143 });
    cluster.settle();
    expect(cluster.done.filter((action) => action.do === "cancel-run")).toHaveLength(1);
    expect(cluster.word("r")).toMatch(/^True Pending/);
  });
});
