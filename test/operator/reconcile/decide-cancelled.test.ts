import { beforeEach, expect, test } from "@jest/globals";

import { reportOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endRun, podOf, startRun, type End } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
function cancel(): void {
  cluster.edit(cluster.run("a"), { spec: { cancel: true } });
  cluster.settle();
}
const stopped = reportOf("a", { verdict: "Cancelled", reason: "Terminated" });
const unavailable = reportOf("a", { verdict: "Failed", reason: "DatabaseUnavailable" });
const nothingPublished = /^Cancelled\/CancelRequested: .*; no version was published$/;
const nobodyKnows =
  /^Cancelled\/CancelRequested: .*whether it published a version is not known: look at the model's current version/;

const end = (): string => `${cluster.end("a")}: ${cluster.run("a").status.message ?? ""}`;

const ends: readonly { what: string; end: End; message: RegExp }[] = [
  { what: "that said so", end: { exitCode: 143, report: stopped }, message: nothingPublished },
  { what: "that had failed", end: { exitCode: 75, report: unavailable }, message: nothingPublished },
  { what: "that was killed", end: { exitCode: 137 }, message: nobodyKnows },
  { what: "that ended without a report", end: { exitCode: 0 }, message: nobodyKnows },
];
test.each(ends)("cancelling a trainer $what", ({ end: its, message }) => {
  startRun(cluster, "a");
  cancel();
  endRun(cluster, "a", its);
  expect(end()).toMatch(message);
});

test.each([
  { report: unavailable, message: nothingPublished },
  { report: undefined, message: nobodyKnows },
])("cancelling between two attempts, the first one's report being $report", ({ report, message }) => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 75, ...(report && { report }) });
  cancel();
  expect(end()).toMatch(message);
});

test("cancelling a run of which nothing was created published nothing", () => {
  cluster.create({ name: "a", spec: { cancel: true } });
  cluster.settle();
  expect(end()).toMatch(nothingPublished);
});

test("cancelling a run whose container never ran published nothing", () => {
  cluster.create({ name: "a" });
  cluster.settle();
  expect(podOf(cluster, "a").trainer.runningSince).toBeUndefined();
  cancel();
  expect(end()).toMatch(nothingPublished);
});

test("cancelling a run whose Job is over and whose Pod nobody saw tells that nothing is known", () => {
  startRun(cluster, "a");
  const [job] = cluster.jobs.values();
  if (job === undefined) throw new Error("no Job");
  const finished = { type: "Complete", reason: "CompletionsReached", message: "", at: cluster.now } as const;
  cluster.jobs.set(job.uid, { ...job, finished });
  cluster.pods.clear();
  cancel();
  expect(end()).toMatch(nobodyKnows);
});
