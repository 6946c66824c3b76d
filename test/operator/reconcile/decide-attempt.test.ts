import { beforeEach, describe, expect, test } from "@jest/globals";

import type { TerminationMessage } from "../../../contract/termination-message.ts";
import { reportOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endPod, endRun, podOf, runPod, startRun, waitPod } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const status = () => cluster.run("a").status;

test("what a run is made of is written before its Job is created", () => {
  cluster.create({ name: "a" });
  expect(cluster.pass().action).toEqual({ do: "nothing" });
  expect(status()).toMatchObject({ observedGeneration: 1, resolved: { model: "bike-traffic" } });
  expect(status()).not.toHaveProperty("startTime");
  const { action } = cluster.pass();
  expect(action).toMatchObject({ do: "create-job", job: { metadata: { name: "rr-axxxxxxxxx-1" } } });
});

test("the write that follows the creation says when it started", () => {
  cluster.create({ name: "a" });
  cluster.settle();
  expect(status()).toMatchObject({
    startTime: "2026-12-01T02:00:00Z",
    attempts: [{ job: "rr-axxxxxxxxx-1", startedAt: "2026-12-01T02:00:00Z" }],
  });
  expect(cluster.word("a")).toBe("True Pending: Job rr-axxxxxxxxx-1 waits for its Pod to start");
});

test("while an attempt is under way, it is looked at every 15 s, before its first progress every 2 s for a minute", () => {
  cluster.create({ name: "a" });
  expect(cluster.settle().wakeAt).toEqual(new Date("2026-12-01T02:00:15Z"));
  runPod(cluster, podOf(cluster, "a"));
  expect(cluster.settle().wakeAt).toEqual(new Date("2026-12-01T02:00:02Z"));
  expect(cluster.word("a")).toMatch(/^True Running: /);
  cluster.wait(60);
  expect(cluster.settle().wakeAt).toEqual(new Date("2026-12-01T02:01:15Z"));
});

test("an attempt that tells how far it is is looked at every 15 s", () => {
  startRun(cluster, "a");
  cluster.logs.set(podOf(cluster, "a").uid, '{"event":"progress","stage":"train","done":1,"total":2}');
  expect(cluster.settle().wakeAt).toEqual(new Date("2026-12-01T02:00:15Z"));
});

const verdicts: readonly (readonly [Partial<TerminationMessage>, string, string])[] = [
  [{ verdict: "Published", reason: "NewVersion" }, "True", "True"],
  [{ verdict: "Restored", reason: "RestoredVersion" }, "True", "True"],
  [{ verdict: "DryRun", reason: "DryRunRequested" }, "True", "False"],
  [{ verdict: "Skipped", reason: "NoNewData" }, "True", "False"],
  [{ verdict: "Rejected", reason: "WorseThanChampion" }, "False", "False"],
  [{ verdict: "Aborted", reason: "TooOld" }, "False", "False"],
];
test.each(verdicts)("a report of %j means Succeeded %s and Published %s", (report, succeeded, published) => {
  startRun(cluster, "a");
  cluster.wait(60);
  endRun(cluster, "a", { report: reportOf("a", report) });
  const { verdict = "", reason = "" } = report;
  expect(status()).toMatchObject({ verdict, reason, completionTime: "2026-12-01T02:01:00Z" });
  expect(status().attempts).toMatchObject([{ finishedAt: "2026-12-01T02:01:00Z", exitCode: 0, reason }]);
  expect(cluster.word("a", "Finished")).toBe(`True ${verdict}: Version 2026-12-01-1 is current`);
  expect(cluster.word("a", "Succeeded")).toBe(`${succeeded} ${verdict}: ${reason}`);
  expect(cluster.word("a", "Published")).toBe(`${published} ${verdict}: ${reason}`);
  expect(cluster.word("a")).toBe(`False ${verdict}: ${reason}`);
  expect("version" in status()).toBe(published === "True");
});

test("before the verdict, Succeeded is Unknown", () => {
  startRun(cluster, "a");
  expect(
    ["Accepted", "Finished", "Succeeded", "Published"].map((type) => cluster.word("a", type).split(":")[0]),
  ).toEqual(["True Valid", "False NotFinished", "Unknown NotFinished", "False NotFinished"]);
});

test("a condition keeps the time of its last change although it is written again", () => {
  startRun(cluster, "a");
  cluster.wait(100);
  endRun(cluster, "a", { report: reportOf("a") });
  const times = status().conditions?.map(({ type, lastTransitionTime }) => [
    type,
    lastTransitionTime.slice(11),
  ]);
  expect(Object.fromEntries(times ?? [])).toEqual({
    Accepted: "02:00:00Z",
    Progressing: "02:01:40Z",
    Finished: "02:01:40Z",
    Succeeded: "02:01:40Z",
    Published: "02:01:40Z",
  });
});

const metrics = { mae: 81.534, rmse: 157.006, wapePercent: 12.34, naiveMae: 110, championMae: 84.23 };
const alone = { mae: 1, rmse: 2, wapePercent: null, naiveMae: 3 };
const version = "2026-12-01-1";
const figures: readonly { when: string; report: Partial<TerminationMessage>; says: object }[] = [
  {
    when: "a champion was beaten",
    report: { rows: 9, stations: 2, dataThrough: "2026-11-30", metrics },
    says: {
      data: { rows: 9, stations: 2, dataThrough: "2026-11-30" },
      metrics: {
        mae: "81.53",
        championMae: "84.23",
        maeDeltaPercent: "-3.2",
        naiveMae: "110.00",
        rmse: "157.01",
        wapePercent: "12.3",
      },
      version,
    },
  },
  {
    when: "there is no champion",
    report: { metrics: alone },
    says: { metrics: { mae: "1.00", naiveMae: "3.00", rmse: "2.00" }, version },
  },
  {
    when: "the champion never erred",
    report: { metrics: { ...alone, championMae: 0 } },
    says: { metrics: { mae: "1.00", championMae: "0.00", naiveMae: "3.00", rmse: "2.00" }, version },
  },
  {
    when: "the report holds what a status must not",
    report: { rows: 9, stations: 2, dataThrough: "yesterday", version: "v".repeat(81) },
    says: {},
  },
];
test.each(figures)("figures of the report are texts of the status when $when", ({ report, says }) => {
  startRun(cluster, "a");
  endRun(cluster, "a", { report: reportOf("a", report) });
  const { data, metrics, version, verdict } = status();
  expect({ data, metrics, version, verdict }).toEqual({ ...says, verdict: "Published" });
});

test("the newest progress line of the log stays until there is a newer one, and goes with the attempt", () => {
  startRun(cluster, "a");
  const line = JSON.stringify({ event: "progress", stage: "search", done: 40, total: 100, etaSeconds: 90 });
  cluster.logs.set(podOf(cluster, "a").uid, `${line}\n`);
  cluster.settle();
  const progress = { stage: "search", percent: 40, etaSeconds: 90 };
  expect(status().progress).toEqual(progress);
  cluster.logs.clear();
  cluster.wait(60);
  expect(status().progress).toEqual(progress);
  endRun(cluster, "a", { exitCode: 70 });
  expect(status()).not.toHaveProperty("progress");
});

describe("a Pod that does not start", () => {
  const waits = (seconds: number): void => {
    cluster.create({ name: "a", spec: { job: { pendingDeadlineSeconds: 60 } } });
    cluster.settle();
    waitPod(cluster, podOf(cluster, "a"), "ImagePullBackOff");
    cluster.wait(seconds);
  };

  test("has a typed reason at once", () => {
    waits(0);
    expect(cluster.word("a")).toMatch(/^True ImagePullBackOff: .*it does not work/);
  });

  test("is given up at the deadline, with that reason", () => {
    waits(59);
    expect(cluster.end("a")).toBe("/");
    cluster.wait(15);
    expect(cluster.end("a")).toBe("Failed/ImagePullBackOff");
    expect(status().message).toMatch(
      /given up because its Pod had not started within .*: Cannot start the container .*it does not work/,
    );
    expect(cluster.jobs.size).toBe(0);
  });

  test("is given up without one when nothing tells why", () => {
    cluster.create({ name: "a", spec: { job: { pendingDeadlineSeconds: 60 } } });
    cluster.wait(75);
    expect(cluster.end("a")).toBe("Failed/PodNotStarted");
  });

  test("is given up although the operator crashed between stopping it and saying so", () => {
    cluster.create({ name: "a", spec: { job: { pendingDeadlineSeconds: 60 } } });
    cluster.settle();
    cluster.now = new Date("2026-12-01T02:01:00Z");
    cluster.pass("crashAfterAction");
    cluster.restart();
    cluster.settle();
    expect(cluster.end("a")).toBe("Failed/PodNotStarted");
  });

  test("may yet have started, and published", () => {
    waits(0);
    const pod = podOf(cluster, "a");
    cluster.now = new Date("2026-12-01T02:01:00Z");
    expect(cluster.pass().action).toMatchObject({ do: "suspend-job" });
    endPod(cluster, pod, { report: reportOf("a") });
    cluster.settle();
    expect(cluster.end("a")).toBe("Published/NewVersion");
  });
});

test("an attempt that takes too long is not repeated", () => {
  startRun(cluster, "a");
  const pod = podOf(cluster, "a");
  endPod(cluster, { ...pod, reason: "DeadlineExceeded" }, { exitCode: 137 });
  cluster.settle();
  expect(cluster.end("a")).toBe("TimedOut/DeadlineExceeded");
});

test("a report wins over the deadline", () => {
  startRun(cluster, "a");
  const pod = podOf(cluster, "a");
  endPod(cluster, { ...pod, reason: "DeadlineExceeded" }, { exitCode: 143, report: reportOf("a") });
  cluster.settle();
  expect(cluster.end("a")).toBe("Published/NewVersion");
});

test("a run says nothing any more once it has ended, whatever becomes of its Job", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { report: reportOf("a") });
  const before = cluster.run("a");
  cluster.jobs.clear();
  cluster.edit(before, { spec: { cancel: true } });
  runPodsOfNobody();
  expect(cluster.settle()).toMatchObject({ action: { do: "nothing" }, statuses: [], events: [] });
  expect(status()).toEqual(before.status);
});

function runPodsOfNobody(): void {
  for (const pod of cluster.pods.values()) runPod(cluster, pod);
}
