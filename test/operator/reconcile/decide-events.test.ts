import { beforeEach, expect, test } from "@jest/globals";

import { reportOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endRun, podOf, runPod, startRun, waitPod } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const told = (name: string): string[] =>
  cluster.told
    .filter(({ run }) => run.name === name)
    .map(({ type, reason, action }) => `${type} ${reason} ${action}`);

test("a run's life is told once", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 70 });
  cluster.wait(60);
  waitPod(cluster, podOf(cluster, "a"), "ImagePullBackOff");
  cluster.wait(60);
  runPod(cluster, podOf(cluster, "a"));
  cluster.wait(60);
  endRun(cluster, "a", { report: reportOf("a") });
  cluster.wait(60);
  expect(told("a")).toEqual([
    "Normal Accepted Accept",
    "Normal AttemptStarted CreateJob",
    "Normal Running Run",
    "Warning BackingOff Retry",
    "Normal AttemptStarted CreateJob",
    "Warning ImagePullBackOff Start",
    "Normal Running Run",
    "Normal Published Finish",
  ]);
});

test("an accepted run tells at once whom it waits for", () => {
  startRun(cluster, "a");
  cluster.create({ name: "b" });
  cluster.settle();
  expect(cluster.told.at(-1)).toMatchObject({ reason: "Accepted", message: "Run a of the model is active" });
});

test("a refused run tells what to mend, again when that is another thing", () => {
  cluster.create({ name: "a", spec: { model: "typo" } });
  cluster.wait(600);
  expect(told("a")).toEqual(["Warning UnknownModel Accept"]);
  cluster.edit(cluster.run("a"), { spec: { model: "other" } });
  cluster.settle();
  expect(told("a")).toEqual(["Warning UnknownModel Accept", "Warning UnknownModel Accept"]);
});

test.each([
  ["Rejected", "Warning"],
  ["Aborted", "Warning"],
  ["Skipped", "Normal"],
  ["DryRun", "Normal"],
] as const)("the end of a %s run is a %s", (verdict, type) => {
  startRun(cluster, "a");
  endRun(cluster, "a", { report: reportOf("a", { verdict, reason: "Because", message: "of this" }) });
  expect(cluster.told.at(-1)).toMatchObject({ type, reason: verdict, message: "Because: of this" });
});

test("a cancelled run is nothing to worry about", () => {
  cluster.create({ name: "a", spec: { cancel: true } });
  cluster.settle();
  expect(told("a")).toEqual(["Normal Cancelled Finish"]);
});

test("the runs that wait for others, for a Pod or for data say so", () => {
  startRun(cluster, "a", { trigger: "Schedule" });
  cluster.create({ name: "s", spec: { suspend: true } });
  cluster.settle();
  cluster.edit(cluster.run("s"), { spec: {} });
  cluster.settle();
  expect(told("s")).toEqual(["Normal Accepted Accept", "Normal Queued Queue"]);
  endRun(cluster, "a", { report: reportOf("a", { verdict: "Aborted", reason: "TooOld" }) });
  expect(told("a").at(-1)).toBe("Warning WaitingForData Recheck");
});

test("each Event names the attempt that it is about", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 70 });
  cluster.wait(60);
  expect(cluster.told.map(({ reason, attempt }) => [reason, attempt])).toEqual([
    ["Accepted", undefined],
    ["AttemptStarted", 1],
    ["Running", 1],
    ["BackingOff", 1],
    ["AttemptStarted", 2],
  ]);
});
