import { beforeEach, describe, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { reportOf } from "../../support/seen.ts";
import { SimulatedCluster, type Fault } from "../../support/simulated/cluster.ts";
import { endPod, endRun, podOf, runPod, startRun } from "../../support/simulated/kubelet.ts";
import { runControllers } from "../../support/simulated/controllers.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const status = () => cluster.run("a").status;

describe("between the creation of a Job and the write that says so", () => {
  const crash = (fault: Fault = "crashAfterAction"): void => {
    cluster.create({ name: "a" });
    cluster.pass();
    cluster.pass(fault);
    cluster.restart();
    runControllers(cluster);
  };

  test.each<Fault>(["crashAfterAction", "statusesLost"])("%s: the next pass knows its own Job", (fault) => {
    crash(fault);
    cluster.settle();
    expect(status()).toMatchObject({
      startTime: "2026-12-01T02:00:00Z",
      attempts: [{ job: "rr-axxxxxxxxx-1" }],
    });
    expect(cluster.jobs.size).toBe(1);
  });

  test("the attempt may have ended meanwhile, and is counted once", () => {
    crash();
    const pod = podOf(cluster, "a");
    endPod(cluster, pod, { exitCode: 70 });
    cluster.settle();
    expect(status()).toMatchObject({ failures: { counted: 1 }, startTime: "2026-12-01T02:00:00Z" });
  });

  test("what the Job was made of is not made anew by an edit", () => {
    crash();
    const before = status().resolved;
    cluster.edit(cluster.run("a"), { spec: { training: { folds: 7 } } });
    cluster.settle();
    expect(status()).toMatchObject({ observedGeneration: 2, resolved: before });
  });

  test("a cancelled run is stopped, not forgotten", () => {
    crash();
    runPod(cluster, podOf(cluster, "a"));
    cluster.edit(cluster.run("a"), { spec: { cancel: true } });
    cluster.settle();
    endRun(cluster, "a", { report: reportOf("a") });
    expect(cluster.end("a")).toBe("Published/NewVersion");
  });
});

test("an end that could not be written is counted once all the same", () => {
  startRun(cluster, "a");
  endPod(cluster, podOf(cluster, "a"), { exitCode: 70 });
  cluster.pass("statusesLost");
  cluster.pass("crashBefore");
  cluster.settle();
  expect(status().failures).toEqual({ counted: 1, disruptions: 0 });
});

describe("a run from a cluster's backup", () => {
  test.each([
    {},
    { attempts: [{ job: "rr-old-1", startedAt: "2026-11-01T02:00:00Z" }], startTime: "2026-11-01T02:00:00Z" },
  ])("is never executed, its status being %j", (old) => {
    cluster.create({ name: "a", startedAs: "the old uid", status: old });
    cluster.settle();
    expect(cluster.end("a")).toBe("Skipped/RestoredFromBackup");
    expect(cluster.tries).toBe(0);
  });

  test("is told from one whose own Job runs although its annotation was edited", () => {
    startRun(cluster, "a");
    cluster.edit(cluster.run("a"), { startedAs: "nonsense" });
    cluster.settle();
    endRun(cluster, "a", { report: reportOf("a") });
    expect(cluster.end("a")).toBe("Published/NewVersion");
  });
});

describe("an edit between the mark and the write that says when the run started", () => {
  const edited = (spec: RetrainRunSpec): readonly string[] => {
    cluster.create({ name: "a" });
    cluster.pass();
    cluster.pass("crashAfterAction");
    cluster.edit(cluster.run("a"), { spec });
    cluster.settle();
    cluster.settle();
    return cluster.told.map(({ reason }) => reason).filter((reason) => reason === "EditIgnored");
  };

  test("is told once to change nothing", () => {
    expect(edited({ training: { folds: 7 } })).toEqual(["EditIgnored"]);
    expect(cluster.told.find(({ reason }) => reason === "EditIgnored")).toMatchObject({
      type: "Warning",
      attempt: 1,
    });
  });

  test("is told too when it could not be used anyway", () => {
    expect(edited({ model: "typo" })).toEqual(["EditIgnored"]);
  });

  test("is no news when it changes nothing, or only cancels", () => {
    expect(edited({})).toEqual([]);
    cluster = new SimulatedCluster();
    expect(edited({ cancel: true })).toEqual([]);
  });
});
