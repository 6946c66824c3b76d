import { beforeEach, expect, test } from "@jest/globals";

import { reportOf, secondsLater } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endRun, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const status = () => cluster.run("a").status;

const quota = { reason: "QuotaExceeded", message: "exceeded quota: cpu" };
beforeEach(() => {
  cluster.refusal = quota;
  cluster.create({ name: "a", spec: { job: { pendingDeadlineSeconds: 300 } } });
  cluster.settle();
});
const tries = (): number => cluster.tries;

test("a refused Job is tried again every minute, and the run says why", () => {
  expect(cluster.word("a")).toBe("True QuotaExceeded: exceeded quota: cpu");
  expect(status()).not.toHaveProperty("startTime");
  expect(cluster.settle().wakeAt).toEqual(secondsLater(60));
  cluster.wait(130);
  expect(tries()).toBe(3);
});

test("a refused Job fails the run at its deadline, not at the try after it", () => {
  cluster.create({ name: "0", spec: { job: { pendingDeadlineSeconds: 90 } }, createdAt: secondsLater(-1) });
  cluster.wait(75);
  expect(cluster.settle().wakeAt).toEqual(secondsLater(90));
  cluster.wait(15);
  expect(cluster.end("0")).toBe("Failed/QuotaExceeded");
});

test("a refused Job fails no run that has only been waiting for others", () => {
  cluster = new SimulatedCluster();
  startRun(cluster, "b");
  cluster.create({ name: "a", spec: { job: { pendingDeadlineSeconds: 300 } } });
  cluster.wait(1000);
  cluster.refusal = quota;
  endRun(cluster, "b", { report: reportOf("b") });
  expect(cluster.word("a")).toMatch(/^True QuotaExceeded/);
  cluster.wait(299);
  expect(cluster.end("a")).toBe("/");
  cluster.wait(1);
  expect(cluster.end("a")).toBe("Failed/QuotaExceeded");
});

test("a refused Job is created as soon as there is room", () => {
  cluster.wait(100);
  cluster.refusal = undefined;
  cluster.wait(20);
  expect(cluster.word("a")).toMatch(/^True Pending/);
  expect(status()).toMatchObject({ startTime: "2026-12-01T02:02:00Z" });
});

test.each([false, true])(
  "a refused Job fails the run when the deadline has passed, operator restarted: %s",
  (restarts) => {
    cluster.wait(240);
    if (restarts) cluster.restart();
    cluster.refusal = { reason: "AdmissionRefused", message: "denied the request" };
    cluster.wait(59);
    expect(cluster.end("a")).toBe("/");
    cluster.wait(1);
    expect(cluster.end("a")).toBe(restarts ? "Failed/AdmissionRefused" : "Failed/QuotaExceeded");
  },
);

test("a refused Job is tried once more by an operator that was away for longer than the deadline", () => {
  cluster.restart();
  cluster.now = secondsLater(3600);
  cluster.refusal = undefined;
  cluster.settle();
  expect(cluster.word("a")).toMatch(/^True Pending/);
});

test("a refused Job gives its turn to a restore, and its deadline counts on", () => {
  cluster.wait(290);
  cluster.create({ name: "r", spec: { restore: { version: "v", reason: "r" } } });
  cluster.refusal = undefined;
  cluster.settle();
  expect(cluster.word("a")).toMatch(/^False Queued/);
  cluster.wait(20);
  cluster.refusal = quota;
  endRun(cluster, "r", { report: reportOf("r", { verdict: "Restored", reason: "RestoredVersion" }) });
  expect(cluster.end("a")).toBe("Failed/QuotaExceeded");
});

test("a deadline of an earlier attempt's Job is none of the next one's", () => {
  cluster.refusal = undefined;
  cluster.wait(60);
  endRun(cluster, "a", { exitCode: 70 });
  cluster.refusal = quota;
  cluster.wait(300);
  expect(cluster.word("a")).toMatch(/^True QuotaExceeded/);
  cluster.wait(60);
  expect(cluster.end("a")).toBe("Failed/QuotaExceeded");
});

test("a name that somebody else has is tried like a refusal", () => {
  cluster = new SimulatedCluster();
  cluster.taken.add("rr-axxxxxxxxx-1");
  cluster.create({ name: "a" });
  cluster.settle();
  expect(cluster.word("a")).toMatch(/^True NameConflict/);
  cluster.wait(900);
  expect(cluster.end("a")).toBe("Failed/NameConflict");
});
