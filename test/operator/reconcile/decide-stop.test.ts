import { beforeEach, expect, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { reportOf } from "../../support/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { endPod, endRun, podOf, startRun, type End } from "../../support/simulated/kubelet.ts";

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster();
});
const change = (name: string, spec: RetrainRunSpec): void => {
  cluster.edit(cluster.run(name), { spec });
  cluster.settle();
};

test.each([
  ["that nobody has looked at", {}],
  ["that is suspended", { suspend: true }],
  ["that is refused", { model: "typo" }],
])("a run %s is cancelled at once", (_, spec) => {
  cluster.create({ name: "a", spec: { ...spec, cancel: true } });
  cluster.settle();
  expect(cluster.end("a")).toBe("Cancelled/CancelRequested");
  expect(cluster.run("a").status).not.toHaveProperty("startTime");
});

test("a queued run is cancelled at once", () => {
  startRun(cluster, "a");
  cluster.create({ name: "b" });
  cluster.settle();
  change("b", { cancel: true });
  expect(cluster.end("b")).toBe("Cancelled/CancelRequested");
  expect(cluster.word("b", "Accepted")).toMatch(/^True Valid/);
});

test("a run that backs off is cancelled at once", () => {
  startRun(cluster, "a");
  endRun(cluster, "a", { exitCode: 70 });
  change("a", { cancel: true });
  expect(cluster.end("a")).toBe("Cancelled/CancelRequested");
  expect(cluster.run("a").status).not.toHaveProperty("nextRetryTime");
});

const ends: readonly { what: string; end: End; is: string }[] = [
  { what: "stopped", end: { exitCode: 143 }, is: "Cancelled/CancelRequested" },
  {
    what: "said so itself",
    end: { exitCode: 143, report: reportOf("a", { verdict: "Cancelled", reason: "Terminated" }) },
    is: "Cancelled/CancelRequested",
  },
  {
    what: "was past its commit point",
    end: { exitCode: 0, report: reportOf("a") },
    is: "Published/NewVersion",
  },
  {
    what: "was killed after it had reported",
    end: { exitCode: 137, report: reportOf("a") },
    is: "Published/NewVersion",
  },
  {
    what: "refused the data",
    end: { report: reportOf("a", { verdict: "Aborted", reason: "TooOld" }) },
    is: "Aborted/TooOld",
  },
  { what: "failed meanwhile", end: { exitCode: 78 }, is: "Cancelled/CancelRequested" },
];
test.each([true, false])(
  "a running trainer is stopped and its report awaited (failing Job: %s)",
  (failsSuspended) => {
    for (const { what, end, is } of ends) {
      cluster = new SimulatedCluster();
      cluster.failsSuspended = failsSuspended;
      startRun(cluster, "a", { trigger: "Schedule" });
      change("a", { trigger: "Schedule", cancel: true });
      expect(cluster.word("a")).toMatch(/^True Cancelling/);
      expect([...cluster.jobs.values()]).toMatchObject([{ suspended: true }]);
      endRun(cluster, "a", end);
      expect(`${what}: ${cluster.end("a")}`).toBe(`${what}: ${is}`);
      expect(cluster.run("a").status).not.toHaveProperty("failures");
    }
  },
);

test("a cancelled run whose Job somebody deleted is asked for its report, too", () => {
  startRun(cluster, "a");
  cluster.jobs.clear();
  change("a", { cancel: true });
  for (const pod of cluster.pods.values()) endPod(cluster, pod, { report: reportOf("a") });
  cluster.settle();
  expect(cluster.end("a")).toBe("Published/NewVersion");
});

test("a suspended Job is removed once the verdict is written, and not before", () => {
  startRun(cluster, "a");
  change("a", { cancel: true });
  endPod(cluster, podOf(cluster, "a"), { exitCode: 143 });
  expect(cluster.pass()).toMatchObject({ action: { do: "nothing" }, statuses: [{}] });
  expect(cluster.pass().action).toMatchObject({ do: "delete-job" });
});

test("one that somebody resumes is stopped again", () => {
  startRun(cluster, "a");
  change("a", { cancel: true });
  const [job] = cluster.jobs.values();
  if (job !== undefined) cluster.jobs.set(job.uid, { ...job, suspended: false });
  expect(cluster.pass().action).toMatchObject({ do: "suspend-job" });
});

test("a suspended run takes no slot, and goes on when it is released", () => {
  cluster.create({ name: "a", spec: { suspend: true } });
  cluster.settle();
  expect(cluster.word("a")).toBe("False Suspended: spec.suspend holds the run");
  expect(cluster.word("a", "Accepted")).toMatch(/^True Valid/);
  change("a", { suspend: false });
  expect(cluster.word("a")).toMatch(/^True Pending/);
});

test("suspending a started run is answered with one warning for each edit", () => {
  startRun(cluster, "a");
  change("a", { suspend: true });
  cluster.wait(60);
  const warnings = (): string[] =>
    cluster.told.map(({ reason }) => reason).filter((reason) => reason === "SuspendIgnored");
  expect(warnings()).toHaveLength(1);
  expect(cluster.word("a")).toMatch(/^True Running/);
  endRun(cluster, "a", { exitCode: 70 });
  cluster.wait(60);
  expect(cluster.word("a")).toMatch(/^True Pending/);
  expect(warnings()).toHaveLength(1);
});
