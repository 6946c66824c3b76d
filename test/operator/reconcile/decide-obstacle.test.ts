import { beforeEach, expect, test } from "@jest/globals";

import { reportOf, secondsLater } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endPod, podOf, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const active = (): string[] =>
  [...cluster.runs.values()]
    .filter(({ name }) => cluster.word(name).startsWith("True "))
    .map(({ name }) => name);

/** Its Pod goes on Terminating on a node that does not answer. */
const deleteActive = (): void => {
  startRun(cluster, "a");
  cluster.create({ name: "b" });
  cluster.edit(cluster.run("a"), { deleting: true });
  cluster.settle();
};

test("nothing is written for a run that somebody deletes, and its Pod is waited for", () => {
  startRun(cluster, "a");
  cluster.create({ name: "b" });
  cluster.settle();
  const before = cluster.run("a");
  cluster.edit(before, { deleting: true });
  expect(cluster.pass().statuses.map(({ run }) => run.name)).toEqual(["b"]);
  expect(cluster.word("b")).toBe(
    "False WaitingForOldPod: Pod rr-axxxxxxxxx-1-x0 of an earlier attempt or run has not ended yet on node node-1",
  );
});

test("what is left blocks the next run until it has gone", () => {
  deleteActive();
  expect(cluster.word("b")).toMatch(/^False WaitingForOldPod: Pod rr-axxxxxxxxx-1-x0 .* on node node-1$/);
  for (const pod of cluster.pods.values()) endPod(cluster, pod, { exitCode: 143 });
  cluster.settle();
  expect(active()).toEqual(["b"]);
});

test("what is left tells after ten minutes what to do about its node", () => {
  deleteActive();
  expect(cluster.settle().wakeAt).toEqual(secondsLater(660));
  cluster.wait(659);
  expect(cluster.word("b")).toMatch(/^False WaitingForOldPod/);
  cluster.wait(1);
  expect(cluster.word("b")).toMatch(
    /^False NodeLost: Pod rr-axxxxxxxxx-1-x0 .* node node-1 .*kubectl taint nodes node-1 node.kubernetes.io\/out-of-service=nodeshutdown:NoExecute.*kubectl delete pod rr-axxxxxxxxx-1-x0 --namespace city --force$/,
  );
  expect(cluster.settle().wakeAt).toBeUndefined();
});

test("what is left tells so for an attempt that is under way, too", () => {
  startRun(cluster, "a");
  const pod = podOf(cluster, "a");
  cluster.pods.set(pod.uid, { ...pod, deletingAt: secondsLater(30, cluster.now) });
  cluster.wait(29);
  expect(cluster.word("a")).toMatch(/^True Running/);
  cluster.wait(1);
  expect(cluster.word("a")).toBe(
    "True WaitingForOldPod: Pod rr-axxxxxxxxx-1-x0 should have ended at 2026-12-01T02:00:30Z, but its node node-1 has not said that it has",
  );
  cluster.wait(599);
  expect(cluster.word("a")).toMatch(/^True WaitingForOldPod/);
  cluster.wait(1);
  expect(cluster.word("a")).toMatch(/^True NodeLost/);
});

test("a Job that nobody owns is waited for", () => {
  startRun(cluster, "a");
  const [job] = cluster.jobs.values();
  if (job !== undefined) cluster.jobs.set(job.uid, { ...job, ownerUid: undefined });
  cluster.runs.clear();
  cluster.pods.clear();
  cluster.create({ name: "b" });
  expect(cluster.pass()).toMatchObject({ action: { do: "nothing" } });
  expect(cluster.word("b")).toBe(
    "False WaitingForOldPod: Job rr-axxxxxxxxx-1 of an earlier attempt or run has not ended yet",
  );
});

test("a Pod that goes on without its trainer is stopped after a minute", () => {
  startRun(cluster, "a");
  const pod = podOf(cluster, "a");
  endPod(cluster, pod, { report: reportOf("a") });
  const ended = cluster.pods.get(pod.uid) ?? pod;
  cluster.pods.set(pod.uid, { ...ended, phase: "Running" });
  expect(cluster.settle().wakeAt).toEqual(secondsLater(60));
  cluster.wait(59);
  expect(cluster.end("a")).toBe("Published/NewVersion");
  expect(cluster.done.map((action) => action.do)).not.toContain("suspend-job");
  cluster.wait(1);
  expect(cluster.done.map((action) => action.do)).toContain("suspend-job");
  expect(cluster.jobs.size).toBe(0);
});
