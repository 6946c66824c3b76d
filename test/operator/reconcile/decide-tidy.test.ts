import { beforeEach, expect, test } from "@jest/globals";

import { reportOf, secondsLater, settingsOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { runControllers } from "../../support/simulated/controllers.ts";
import { endPod, endRun, podOf, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});

test("a Job expires three days after its end, and not before its verdict is written", () => {
  startRun(cluster, "a");
  endPod(cluster, podOf(cluster, "a"), { report: reportOf("a") });
  cluster.wait(0);
  const kinds = cluster.done.map((action) => action.do).filter((what) => what !== "nothing");
  expect(kinds).toEqual(["create-job", "expire-job"]);
  expect([...cluster.jobs.values()]).toMatchObject([{ ttlSecondsAfterFinished: 259_200 }]);
  expect(cluster.run("a").status.verdict).toBe("Published");
});

test("Jobs of attempts that are written down expire while the run goes on", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 70 });
  cluster.wait(60);
  expect([...cluster.jobs.values()].map(({ ttlSecondsAfterFinished }) => ttlSecondsAfterFinished)).toEqual([
    259_200,
    undefined,
  ]);
});

test("a Job whose record was dropped is no new attempt", () => {
  startRun(cluster, "a");
  const [job] = cluster.jobs.values();
  for (let attempt = 0; attempt < 12; attempt++) {
    endRun(cluster, "a", {
      exitCode: 75,
      report: reportOf("a", { verdict: "Failed", reason: "ModelLocked" }),
    });
    cluster.wait(600);
  }
  expect(job?.name).toBe("rr-axxxxxxxxx-1");
  expect(cluster.jobs.size).toBe(13);
  expect(cluster.word("a")).toMatch(/^True Pending: Job rr-axxxxxxxxx-13 /);
});

test("a Job whose record was dropped expires like the others", () => {
  startRun(cluster, "a");
  const [job] = cluster.jobs.values();
  for (let attempt = 0; attempt < 12; attempt++) {
    endRun(cluster, "a", {
      exitCode: 75,
      report: reportOf("a", { verdict: "Failed", reason: "ModelLocked" }),
    });
    cluster.wait(600);
  }
  const first = cluster.jobs.get(job?.uid ?? "");
  if (first !== undefined) cluster.jobs.set(first.uid, { ...first, ttlSecondsAfterFinished: undefined });
  cluster.settle();
  expect(cluster.jobs.get(job?.uid ?? "")).toMatchObject({ ttlSecondsAfterFinished: 259_200 });
});

test("what remains is tidied after a Job is created", () => {
  startRun(cluster, "a");
  cluster.create({ name: "b" });
  cluster.settle();
  endRun(cluster, "a", { report: reportOf("a") });
  const kinds = cluster.done.map((action) => action.do).filter((what) => what !== "nothing");
  expect(kinds).toEqual(["create-job", "create-job", "expire-job"]);
});

test("runs that are not kept any more are deleted one by one, and the next one's time is known", () => {
  cluster.settings = settingsOf({ keepRuns: { failed: 1 }, defaults: { ttlSecondsAfterFinished: 3600 } });
  for (const name of ["a", "b", "c"]) cluster.create({ name, spec: { cancel: true } });
  cluster.settle();
  expect(cluster.runs.size).toBe(1);
  startRun(cluster, "d", { ttlSecondsAfterFinished: 3600 });
  endRun(cluster, "d", { report: reportOf("d", { verdict: "Rejected" }) });
  expect(cluster.settle().wakeAt).toEqual(secondsLater(3600));
});

test("a Job of a run that has ended, without a Pod that would end it, is suspended and then removed", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { report: reportOf("a") });
  const [job] = cluster.jobs.values();
  if (job === undefined) throw new Error("no Job");
  cluster.jobs.set(job.uid, { ...job, finished: undefined });
  cluster.pods.clear();
  cluster.now = secondsLater(59);
  expect(cluster.pass().action).not.toMatchObject({ do: "suspend-job" });
  cluster.now = secondsLater(60);
  expect(cluster.pass().action).toMatchObject({ do: "suspend-job" });
  expect(cluster.pass().action).toMatchObject({ do: "delete-job" });
});

test("nothing is tidied for a run that somebody deletes", () => {
  startRun(cluster, "a");
  endPod(cluster, podOf(cluster, "a"), { report: reportOf("a") });
  runControllers(cluster);
  cluster.pass();
  cluster.edit(cluster.run("a"), { deleting: true });
  expect(cluster.pass().action).toEqual({ do: "nothing" });
});

test("what may not be tidied holds up nothing else, and is tried again in its time", () => {
  cluster.settings = settingsOf({ keepRuns: { failed: 1 } });
  for (const [at, name] of ["a", "b", "c"].entries()) {
    cluster.create({ name, spec: { cancel: true }, createdAt: secondsLater(at) });
    cluster.settle();
  }
  // The oldest two are one too many; the first of them is kept by a policy.
  for (const name of ["d", "e"]) {
    cluster.refusedTidying.set(cluster.run("c").uid, secondsLater(900));
    cluster.now = secondsLater(60, cluster.now);
    cluster.create({ name, spec: { cancel: true } });
    cluster.settle();
  }
  expect([...cluster.runs.values()].map(({ name }) => name)).toEqual(["c", "e"]);
  expect(cluster.settle().wakeAt).toEqual(secondsLater(900));
  cluster.refusedTidying.clear();
  cluster.settle();
  expect([...cluster.runs.values()].map(({ name }) => name)).toEqual(["e"]);
});

test("nor does a Job that may not be touched", () => {
  startRun(cluster, "a");
  endPod(cluster, podOf(cluster, "a"), { report: reportOf("a") });
  const [job] = cluster.jobs.values();
  cluster.refusedTidying.set(job?.uid ?? "", secondsLater(600));
  cluster.wait(0);
  expect(cluster.done.map((action) => action.do)).not.toContain("expire-job");
});
