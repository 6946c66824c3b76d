import { beforeEach, describe, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { reportOf, secondsLater } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endPod, endRun, podOf, runPod, startRun } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const restore = { version: "v1", reason: "it was better" };
const active = (): string[] =>
  [...cluster.runs.values()]
    .filter(({ name }) => cluster.word(name).startsWith("True "))
    .map(({ name }) => name);
/** Names of all runs in the order in which they get the slot. */
function order(): string[] {
  const names: string[] = [];
  for (cluster.settle(); active().length > 0;) {
    const [name = ""] = active();
    names.push(name);
    endRun(cluster, name, { report: reportOf(name) });
  }
  return names;
}

const orders: readonly {
  who: string;
  runs: readonly [string, number, RetrainRunSpec?][];
  first: string[];
}[] = [
  {
    who: "the oldest",
    runs: [
      ["b", 2],
      ["a", 3],
      ["c", 1],
    ],
    first: ["c", "b", "a"],
  },
  {
    who: "of runs of one second the lower uid",
    runs: [
      ["c", 1],
      ["b", 1],
      ["a", 1],
    ],
    first: ["a", "b", "c"],
  },
  {
    who: "a restore",
    runs: [
      ["a", 1],
      ["r", 2, { restore }],
    ],
    first: ["r", "a"],
  },
  {
    who: "nobody that is suspended",
    runs: [
      ["s", 1, { suspend: true }],
      ["a", 2],
    ],
    first: ["a"],
  },
  {
    who: "nobody that is refused",
    runs: [
      ["x", 1, { model: "typo" }],
      ["a", 2],
    ],
    first: ["a"],
  },
];
test.each(orders)("$who goes first", ({ runs, first }) => {
  for (const [name, seconds, spec = {}] of runs)
    cluster.create({ name, spec, createdAt: secondsLater(seconds) });
  expect(order()).toEqual(first);
});

test("one that is not accepted yet is not overtaken", () => {
  cluster.create({ name: "b", createdAt: secondsLater(1) });
  cluster.pass();
  cluster.create({ name: "a", createdAt: secondsLater(0) });
  expect(cluster.pass().action).toEqual({ do: "nothing" });
  cluster.settle();
  expect(active()).toEqual(["a"]);
});

test("the others say whom they wait for", () => {
  for (const name of ["a", "b", "c"]) cluster.create({ name });
  cluster.settle();
  expect(["b", "c"].map((name) => cluster.word(name))).toEqual([
    "False Queued: Run a of the model is active",
    "False Queued: Run a of the model is active",
  ]);
  endRun(cluster, "a", { exitCode: 70 });
  expect(cluster.word("b")).toBe("False Queued: Run a of the model comes first");
});

describe("between two attempts", () => {
  test("a run keeps its turn, although it is the youngest", () => {
    startRun(cluster, "young");
    cluster.create({ name: "old", createdAt: secondsLater(-60) });
    endRun(cluster, "young", { exitCode: 70 });
    cluster.wait(60);
    expect(active()).toEqual(["young"]);
  });

  test("a restore goes before it", () => {
    startRun(cluster, "a");
    endRun(cluster, "a", { exitCode: 70 });
    cluster.create({ name: "r", spec: { restore } });
    cluster.settle();
    expect(active()).toEqual(["r"]);
    expect(cluster.word("a")).toMatch(/^False BackingOff/);
    cluster.wait(60);
    expect(cluster.word("a")).toBe("False Queued: Run r of the model is active");
    endRun(cluster, "r", { report: reportOf("r", { verdict: "Restored", reason: "RestoredVersion" }) });
    expect(active()).toEqual(["a"]);
  });

  test("nobody starts in the pass that writes how the attempt ended", () => {
    startRun(cluster, "a");
    cluster.create({ name: "r", spec: { restore } });
    cluster.settle();
    endPod(cluster, podOf(cluster, "a"), { exitCode: 70 });
    for (const job of cluster.jobs.values()) cluster.jobs.delete(job.uid);
    expect(cluster.pass()).toMatchObject({ action: { do: "nothing" } });
  });
});

test("nobody starts in the pass that writes a verdict: the period may be done by it", () => {
  const december = { period: "2026-12" };
  startRun(cluster, "a", december);
  cluster.create({ name: "b", spec: december });
  cluster.settle();
  endPod(cluster, podOf(cluster, "a"), { report: reportOf("a") });
  cluster.jobs.clear();
  expect(cluster.pass().action).toEqual({ do: "nothing" });
  cluster.settle();
  expect(cluster.end("b")).toBe("Skipped/AlreadyDone");
});

describe("a restore that preempts", () => {
  const urgent = { restore: { ...restore, preempt: true } };

  test("cancels the active run once, and starts when it has ended", () => {
    startRun(cluster, "a");
    cluster.create({ name: "r", spec: urgent });
    cluster.settle();
    expect(cluster.done.filter((action) => action.do === "cancel-run")).toMatchObject([
      { run: { name: "a" }, why: "Run r restores version v1 and does not wait" },
    ]);
    expect(cluster.word("a")).toMatch(/^True Cancelling/);
    expect(cluster.word("r")).toBe("False Queued: Run a of the model is active");
    endRun(cluster, "a", { exitCode: 143 });
    expect(cluster.end("a")).toBe("Cancelled/CancelRequested");
    expect(active()).toEqual(["r"]);
  });

  test("only tries, and cancels nobody", () => {
    startRun(cluster, "a");
    cluster.create({ name: "r", spec: { ...urgent, dryRun: true } });
    cluster.settle();
    expect(active()).toEqual(["a"]);
    expect(cluster.done.map((action) => action.do)).not.toContain("cancel-run");
  });

  test("waits for its own turn behind an older restore", () => {
    startRun(cluster, "a");
    cluster.create({ name: "q", spec: { restore } });
    cluster.create({ name: "r", spec: urgent });
    cluster.settle();
    expect(cluster.word("a")).toMatch(/^True Running/);
  });
});

test("a Pod that starts is its run's alone", () => {
  startRun(cluster, "a");
  cluster.create({ name: "b" });
  cluster.settle();
  runPod(cluster, podOf(cluster, "a"));
  expect(() => podOf(cluster, "b")).toThrow("Run b has no Pod");
});
