import { beforeEach, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { reportOf, secondsLater } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endRun, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const december = { period: "2026-12" };
const scheduled: RetrainRunSpec = { ...december, trigger: "Schedule" };
const abort = (name = "a"): void => {
  endRun(cluster, name, {
    report: reportOf(name, {
      verdict: "Aborted",
      reason: "TooOld",
      message: "The newest count is of 2026-11-20",
    }),
  });
};

test("refused data are read again every day, and the run has no verdict", () => {
  startRun(cluster, "a", scheduled);
  abort();
  expect(cluster.end("a")).toBe("/");
  expect(cluster.word("a")).toBe(
    "False WaitingForData: TooOld: The newest count is of 2026-11-20. The data are read again at 2026-12-02T02:00:00Z, and until 2026-12-08T02:00:00Z",
  );
  expect(cluster.settle().wakeAt).toEqual(secondsLater(86_400));
  cluster.wait(86_400);
  endRun(cluster, "a", { report: reportOf("a") });
  expect(cluster.end("a")).toBe("Published/NewVersion");
});

test("refused data end the run when its days are over", () => {
  startRun(cluster, "a", { ...scheduled, checks: { recheck: { everyHours: 48, forDays: 4 } } });
  abort();
  cluster.wait(48 * 3600);
  abort();
  cluster.wait(48 * 3600);
  expect(cluster.run("a").status.aborted).toMatchObject({
    since: "2026-12-01T02:00:00Z",
    job: "rr-axxxxxxxxx-2",
  });
  abort();
  expect(cluster.end("a")).toBe("Aborted/TooOld");
});

test("refused data are counted from the first time, however many attempts there were", () => {
  startRun(cluster, "a", { ...scheduled, checks: { recheck: { everyHours: 1, forDays: 1 } } });
  let attempts = 0;
  for (; cluster.run("a").status.verdict === undefined && attempts < 100; attempts++) {
    abort();
    cluster.wait(3600);
  }
  expect(attempts).toBe(25);
  expect(cluster.end("a")).toBe("Aborted/TooOld");
  expect(cluster.run("a").status).not.toHaveProperty("failures");
});

test.each([
  ["of a run that was not scheduled", december],
  ["of a run that is not to check again", { ...scheduled, checks: { recheck: { forDays: 0 } } }],
])("refused data end the run at once %s", (_, spec) => {
  startRun(cluster, "a", spec);
  abort();
  expect(cluster.end("a")).toBe("Aborted/TooOld");
});

test("refused data leave the slot to others, and queue again by age", () => {
  startRun(cluster, "a", scheduled);
  abort();
  cluster.create({ name: "b" });
  cluster.create({ name: "c" });
  cluster.settle();
  expect(cluster.word("b")).toMatch(/^True Pending/);
  cluster.wait(86_400 - 1);
  cluster.now = secondsLater(86_400);
  startAgain("b");
  cluster.settle();
  expect(cluster.word("a")).toMatch(/^True Pending/);
});

const startAgain = (name: string): void => {
  if (cluster.run(name).status.verdict === undefined) endRun(cluster, name, { report: reportOf(name) });
};

test("refused data are not read again once the period is done", () => {
  startRun(cluster, "a", scheduled);
  abort();
  startRun(cluster, "b", december);
  endRun(cluster, "b", { report: reportOf("b") });
  expect(cluster.end("a")).toBe("Skipped/AlreadyDone");
});

test("refused data leave failures of a later attempt to their own back-off", () => {
  startRun(cluster, "a", scheduled);
  abort();
  cluster.wait(86_400);
  endRun(cluster, "a", { exitCode: 70 });
  expect(cluster.run("a").status.nextRetryTime).toBe("2026-12-02T02:01:00Z");
  expect(cluster.word("a")).toMatch(/^False BackingOff/);
  cluster.create({ name: "b", createdAt: secondsLater(-60) });
  cluster.wait(60);
  expect(cluster.word("a")).toMatch(/^True Pending/);
});
