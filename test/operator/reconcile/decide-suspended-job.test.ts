import { beforeEach, describe, expect, test } from "@jest/globals";

import { reportOf, secondsLater } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endRun, podOf, runPod } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});

const suspend = (suspended: boolean): void => {
  for (const job of cluster.jobs.values()) cluster.jobs.set(job.uid, { ...job, suspended });
};

describe("a Job that somebody suspends before it has a Pod", () => {
  beforeEach(() => {
    cluster.create({ name: "a", spec: { job: { pendingDeadlineSeconds: 60 } } });
    cluster.pass();
    cluster.pass();
    suspend(true);
    cluster.settle();
  });

  test("is waited for, and the run says so", () => {
    cluster.wait(59);
    expect(cluster.word("a")).toMatch(/^True JobSuspended: Job rr-axxxxxxxxx-1 is suspended, and not by/);
    expect(cluster.run("a").status).not.toHaveProperty("failures");
  });

  test("goes on when it is released, in the same attempt", () => {
    cluster.wait(30);
    suspend(false);
    cluster.settle();
    runPod(cluster, podOf(cluster, "a"));
    endRun(cluster, "a", { report: reportOf("a") });
    expect(cluster.end("a")).toBe("Published/NewVersion");
    expect(cluster.run("a").status.attempts).toHaveLength(1);
  });

  test("is given up at its deadline, and goes", () => {
    cluster.wait(60);
    expect(cluster.end("a")).toBe("Failed/JobSuspended");
    expect(cluster.run("a").status.completionTime).toBe("2026-12-01T02:01:00Z");
    expect(cluster.jobs.size).toBe(0);
  });

  test("ends with its run's cancellation", () => {
    cluster.edit(cluster.run("a"), { spec: { cancel: true } });
    cluster.settle();
    expect(cluster.end("a")).toBe("Cancelled/CancelRequested");
  });
});

test("one that ran before it was suspended has ended, though nobody has seen its Pod go", () => {
  cluster.create({ name: "a" });
  cluster.settle();
  runPod(cluster, podOf(cluster, "a"));
  cluster.settle();
  suspend(true);
  cluster.pods.clear();
  cluster.now = secondsLater(1);
  cluster.settle();
  expect(cluster.run("a").status.failures).toEqual({ counted: 1, disruptions: 0 });
});
