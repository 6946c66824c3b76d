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
const force = { reason: "corrected history" };

const firsts: readonly {
  first: RetrainRunSpec;
  verdict: "Published" | "Skipped" | "Rejected" | "Aborted" | "DryRun";
  reason: string;
  second: RetrainRunSpec;
  runs: boolean;
}[] = [
  { first: december, verdict: "Published", reason: "NewVersion", second: december, runs: false },
  { first: december, verdict: "Skipped", reason: "NoNewData", second: december, runs: false },
  { first: december, verdict: "Skipped", reason: "Held", second: december, runs: true },
  { first: december, verdict: "Rejected", reason: "WorseThanChampion", second: december, runs: true },
  { first: december, verdict: "Aborted", reason: "TooOld", second: december, runs: true },
  { first: december, verdict: "Published", reason: "NewVersion", second: { period: "2027-01" }, runs: true },
  { first: december, verdict: "Published", reason: "NewVersion", second: {}, runs: true },
  { first: {}, verdict: "Published", reason: "NewVersion", second: december, runs: true },
  { first: { ...december, force }, verdict: "Published", reason: "Forced", second: december, runs: false },
  { first: december, verdict: "Published", reason: "NewVersion", second: { ...december, force }, runs: true },
  {
    first: december,
    verdict: "Published",
    reason: "NewVersion",
    second: { ...december, dryRun: true },
    runs: true,
  },
  {
    first: { ...december, dryRun: true },
    verdict: "Skipped",
    reason: "NoNewData",
    second: december,
    runs: true,
  },
];
test.each(firsts)(
  "after $verdict/$reason of $first, a run of $second runs: $runs",
  ({ first, verdict, reason, second, runs }) => {
    startRun(cluster, "a", first);
    cluster.create({ name: "b", spec: second });
    endRun(cluster, "a", { report: reportOf("a", { verdict, reason }) });
    expect(cluster.end("b")).toBe(runs ? "/" : "Skipped/AlreadyDone");
  },
);

test("the message names the run that did it first", () => {
  for (const [name, at] of [
    ["x", 2],
    ["y", 1],
  ] as const) {
    startRun(cluster, name, { ...december, force });
    cluster.edit(cluster.run(name), { createdAt: secondsLater(at) });
    endRun(cluster, name, { report: reportOf(name) });
  }
  cluster.create({ name: "z", spec: december });
  cluster.settle();
  expect(cluster.run("z").status.message).toMatch(/^Run "y" has done 2026-12 \(Published\/NewVersion\)/);
});

test("a period that is done meanwhile ends a run that backs off", () => {
  startRun(cluster, "a", december);
  cluster.create({ name: "r", spec: { restore: { version: "v", reason: "r" } } });
  endRun(cluster, "a", { exitCode: 70 });
  const done = cluster.run("r");
  cluster.edit(done, {
    spec: { ...december, force },
    status: { ...done.status, verdict: "Published", resolved: cluster.run("a").status.resolved },
  });
  cluster.settle();
  expect(cluster.end("a")).toBe("Skipped/AlreadyDone");
});
