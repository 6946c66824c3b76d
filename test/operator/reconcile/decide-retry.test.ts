import { beforeEach, describe, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { reportOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { deletePod } from "../../support/simulated/controllers.ts";
import { endPod, endRun, podOf, startRun, type End } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const status = () => cluster.run("a").status;

const failed: End = { exitCode: 70 };
const drained: End = { exitCode: 143, isDisrupted: true };
const failure = (reason: string, exitCode: number): End => ({
  exitCode,
  report: reportOf("a", { verdict: "Failed", reason }),
});
const locked = failure("ModelLocked", 75);

/** Each attempt ends in the same way; seconds that passed before each one but the first. */
function backOffs(end: End, spec: RetrainRunSpec, most = 30): number[] {
  cluster.create({ name: "a", spec });
  const waits: number[] = [];
  for (cluster.settle(); waits.length < most; cluster.settle()) {
    endRun(cluster, "a", end);
    if (status().verdict !== undefined) break;
    const next = new Date(status().nextRetryTime ?? 0);
    waits.push((next.getTime() - cluster.now.getTime()) / 1000);
    cluster.wait(waits.at(-1) ?? 0);
  }
  return waits;
}

test("the wait before the next attempt doubles from 60 s to 10 minutes", () => {
  expect(backOffs(failed, { job: { retries: 7 } })).toEqual([60, 120, 240, 480, 600, 600, 600]);
  expect(status()).toMatchObject({ verdict: "Failed", reason: "NoReport", failures: { counted: 8 } });
});

const classes: readonly { end: End; what: string; attempts: number; counts: object; ends: string }[] = [
  {
    what: "no report",
    end: failed,
    attempts: 3,
    counts: { counted: 3, disruptions: 0 },
    ends: "Failed/NoReport",
  },
  {
    what: "too little memory",
    end: { exitCode: 137, reason: "OOMKilled" },
    attempts: 3,
    counts: { counted: 3, disruptions: 0 },
    ends: "Failed/OOMKilled",
  },
  {
    what: "a database that is down",
    end: failure("DatabaseUnavailable", 75),
    attempts: 3,
    counts: { counted: 3, disruptions: 0 },
    ends: "Failed/DatabaseUnavailable",
  },
  {
    what: "data that cannot be read",
    end: failure("UnreadableValue", 65),
    attempts: 1,
    counts: { counted: 1, disruptions: 0 },
    ends: "Failed/UnreadableValue",
  },
  {
    what: "a wrong password",
    end: failure("AuthenticationFailed", 77),
    attempts: 1,
    counts: { counted: 1, disruptions: 0 },
    ends: "Failed/AuthenticationFailed",
  },
  {
    what: "a wrong configuration",
    end: failure("BadConfiguration", 78),
    attempts: 1,
    counts: { counted: 1, disruptions: 0 },
    ends: "Failed/BadConfiguration",
  },
  {
    what: "a drain each time",
    end: drained,
    attempts: 8,
    counts: { counted: 3, disruptions: 8 },
    ends: "Failed/Disrupted",
  },
];
test.each(classes)("$what ends the run after $attempts attempts", ({ end, attempts, counts, ends }) => {
  expect(backOffs(end, {})).toHaveLength(attempts - 1);
  expect(cluster.end("a")).toBe(ends);
  expect(status().failures).toEqual(counts);
  expect(status().attempts).toHaveLength(attempts);
});

test("without retries the first failure is the last", () => {
  expect(backOffs(failed, { job: { retries: 0 } })).toEqual([]);
});

test("a model that another writer has locked is waited for without end, and nothing is counted", () => {
  expect(backOffs(locked, { job: { retries: 0 } }, 14)).toHaveLength(14);
  expect(status()).not.toHaveProperty("failures");
});

test("the last ten attempts are kept, and no number is given twice", () => {
  backOffs(locked, {}, 14);
  const kept = status().attempts?.map(({ job }) => job.split("-").at(-1));
  expect(kept).toEqual(["6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]);
});

test("no number is given twice although the earlier Jobs have expired", () => {
  cluster.create({ name: "a" });
  for (let attempt = 1; attempt <= 13; attempt++) {
    cluster.settle();
    endRun(cluster, "a", locked);
    cluster.jobs.clear();
    cluster.wait(600);
  }
  expect(status().attempts?.at(-1)?.job).toBe("rr-axxxxxxxxx-14");
});

test("what the attempt said stands in the condition while the run backs off", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 70, message: "at line 7" });
  expect(cluster.word("a")).toMatch(
    /^False BackingOff: rr-axxxxxxxxx-1 ended with NoReport: .*at line 7.*due at 2026-12-01T02:01:00Z$/s,
  );
  expect(status()).toMatchObject({ nextRetryTime: "2026-12-01T02:01:00Z", failures: { counted: 1 } });
  expect(cluster.settle().wakeAt).toEqual(new Date("2026-12-01T02:01:00Z"));
  cluster.wait(60);
  expect(status()).not.toHaveProperty("nextRetryTime");
});

describe("somebody deletes", () => {
  test("the Job: a counted failure", () => {
    startRun(cluster, "a");
    cluster.jobs.clear();
    cluster.settle();
    endRunOfNoJob({ exitCode: 143 });
    expect(status()).toMatchObject({ failures: { counted: 1 }, attempts: [{ reason: "JobDeleted" }] });
  });

  test("the Job of a run that published all the same", () => {
    startRun(cluster, "a");
    cluster.jobs.clear();
    cluster.settle();
    endRunOfNoJob({ report: reportOf("a") });
    expect(cluster.end("a")).toBe("Published/NewVersion");
  });

  test("the Pod: a counted failure", () => {
    startRun(cluster, "a");
    deletePod(cluster, podOf(cluster, "a"));
    cluster.settle();
    expect(cluster.word("a")).toMatch(/^True Running/);
    endRun(cluster, "a", { exitCode: 143 });
    expect(status()).toMatchObject({ failures: { counted: 1 }, attempts: [{ reason: "PodDeleted" }] });
  });
});

function endRunOfNoJob(end: End): void {
  for (const pod of cluster.pods.values()) endPod(cluster, pod, end);
  cluster.settle();
}

test("a suspended Job is no end without its Pod's", () => {
  startRun(cluster, "a");
  const [job] = cluster.jobs.values();
  if (job !== undefined) cluster.jobs.set(job.uid, { ...job, suspended: true });
  cluster.settle();
  expect(cluster.word("a")).toMatch(/^True Running/);
  endRun(cluster, "a", { exitCode: 143 });
  expect(status()).toMatchObject({ failures: { counted: 1 } });
  expect(cluster.jobs.size).toBe(0);
});

test("one that ran is no attempt that did not start, however long ago the deadline was", () => {
  startRun(cluster, "a");
  cluster.wait(1000);
  const [job] = cluster.jobs.values();
  if (job !== undefined) cluster.jobs.set(job.uid, { ...job, suspended: true });
  cluster.settle();
  endRun(cluster, "a", { exitCode: 143 });
  expect(cluster.word("a")).toMatch(/^False BackingOff/);
});
