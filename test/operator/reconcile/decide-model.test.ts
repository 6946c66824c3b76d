import { expect, test } from "@jest/globals";
import fc from "fast-check";

import type { PodSeen, RunSeen } from "../../../operator/reconcile/seen.ts";
import { SimulatedCluster } from "../../support/simulated/cluster.ts";
import { happen, podChanges, steps, type Step } from "../../support/simulated/happenings.ts";
import { isUnfinished } from "../../support/simulated/objects.ts";

type Status = RunSeen["status"];
const retriesOf = ({ resolved }: Status): number => resolved?.job?.retries ?? 0;
const isClosed = ({ finishedAt }: { finishedAt?: string | undefined }): boolean => finishedAt !== undefined;

/** What holds for each status that is written. */
function checkWritten({ status: before }: RunSeen, { status: after }: RunSeen): void {
  expect(after.failures?.counted ?? 0).toBeLessThanOrEqual(retriesOf(after) + 1);
  if (before.startTime !== undefined)
    expect(after).toMatchObject({ startTime: before.startTime, resolved: before.resolved });
  checkCounts(before, after);
  checkTransitions(before, after);
  if (after.verdict === undefined) expect(after).not.toHaveProperty("completionTime");
  else expect(after).not.toHaveProperty("nextRetryTime");
}

/** A failure is counted with the attempt's end, and never without one. */
function checkCounts(before: Status, after: Status): void {
  const closedBefore = new Set(before.attempts?.filter(isClosed).map(({ job }) => job));
  const closed = (after.attempts ?? []).filter(
    (attempt) => isClosed(attempt) && !closedBefore.has(attempt.job),
  );
  const [was, is] = [failuresOf(before), failuresOf(after)];
  const change = [closed.length, is.counted - was.counted, is.disruptions - was.disruptions];
  const isFree = was.disruptions < 5;
  expect(
    isFree
      ? [
          [0, 0, 0],
          [1, 0, 0],
          [1, 1, 0],
          [1, 0, 1],
        ]
      : [
          [0, 0, 0],
          [1, 0, 0],
          [1, 1, 0],
          [1, 1, 1],
        ],
  ).toContainEqual(change);
}
const failuresOf = ({ failures }: Status) => failures ?? { counted: 0, disruptions: 0 };

function checkTransitions(before: Status, after: Status): void {
  for (const condition of after.conditions ?? []) {
    const old = before.conditions?.find(({ type }) => type === condition.type);
    if (old?.status === condition.status) expect(condition.lastTransitionTime).toBe(old.lastTransitionTime);
  }
}

/** Nothing goes wrong any more: people mend their runs, trainers end, time passes. The operator acts only on a change or when it wakes. */
function comeToAnEnd(cluster: SimulatedCluster): void {
  cluster.refusal = undefined;
  cluster.taken.clear();
  for (const run of cluster.runs.values()) {
    if (run.status.verdict === undefined)
      cluster.edit(run, { spec: { ...run.spec, suspend: false, model: "bike-traffic" } });
  }
  for (let steps = 0; steps < 2000; steps++) {
    const { wakeAt } = cluster.settle();
    if (wakeAt !== undefined) expect(wakeAt.getTime()).toBeGreaterThan(cluster.now.getTime());
    if (everybodyHasEnded(cluster)) return;
    const [pod] = [...cluster.pods.values()].filter(isUnfinished);
    if (pod !== undefined && steps % 3 !== 0) podChanges[next(pod)](cluster, pod);
    else if (wakeAt !== undefined) cluster.now = wakeAt;
    else if (pod === undefined) break;
  }
  throw new Error(
    `Stuck: ${JSON.stringify([...cluster.runs.values()].filter(({ status }) => status.verdict === undefined))}`,
  );
}

const everybodyHasEnded = ({ runs, pods, jobs }: SimulatedCluster): boolean =>
  [...runs.values()].every(({ status }) => status.verdict !== undefined) &&
  ![...pods.values()].some(isUnfinished) &&
  ![...jobs.values()].some(({ finished }) => finished === undefined);

const next = (pod: { trainer: { runningSince: Date | undefined }; deletingAt: Date | undefined }) =>
  pod.trainer.runningSince === undefined ? "runs" : pod.deletingAt === undefined ? "publishes" : "stops";

function play(all: readonly Step[]): void {
  const cluster = new SimulatedCluster();
  cluster.onStatus = checkWritten;
  for (const step of all) {
    happen(cluster, step);
    if (step.isSettled) cluster.settle();
  }
  comeToAnEnd(cluster);
  for (const pod of cluster.pods.values()) checkReport(cluster, pod);
}

/** A version that a run has published is its verdict, whatever else befell the run before it had one. */
function checkReport({ runs }: SimulatedCluster, { name, trainer }: PodSeen): void {
  const run = [...runs.values()].find(({ uid }) => name.startsWith(`rr-${uid}-`));
  const { message = "", finishedAt } = trainer.terminated ?? {};
  if (run === undefined || finishedAt === undefined || !message.includes('"verdict":"Published"')) return;
  const { verdict, completionTime = "" } = run.status;
  if (new Date(completionTime) >= finishedAt) expect(verdict).toBe("Published");
}

test("whatever happens, no two trainers, no lost verdict, no double count, and an end", () => {
  expect(() => {
    fc.assert(fc.property(steps, play), { numRuns: 60 });
  }).not.toThrow();
});
