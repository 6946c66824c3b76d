import { describe, expect, test } from "@jest/globals";

import { attemptState } from "../../../../operator/reconcile/attempt/attempt-state.ts";
import type { AttemptSeen } from "../../../../operator/reconcile/attempt/attempt.ts";
import {
  at,
  attempt,
  disrupted,
  ended,
  failed,
  jobs,
  pod,
  report,
  running,
  stopped,
  waiting,
} from "./views.ts";

type Row = readonly [sentence: string, seen: Partial<AttemptSeen>];
const kindOf = (seen: Partial<AttemptSeen>): string => attemptState(attempt(seen)).kind;

const gone = { gone: true };
const deleting = { deletingAt: at(130) };
const goesOn = { phase: "Running" } as const;
const now = at(101);
const killed = ended({ exitCode: 137 });
const verdict = { exitCode: 0, message: report() };
const failure = { exitCode: 75, message: failed("DatabaseUnavailable") };
const outOfMemory = { exitCode: 137, reason: "OOMKilled" };
const drained = disrupted("EvictionByEvictionAPI", "Eviction API: evicting");

const pending: Row[] = [
  ["the Job has no Pod yet", {}],
  ["the Pod has no node yet", { pods: [pod({ node: undefined })] }],
  ["the kubelet has not said anything", { pods: [pod()] }],
  ["the container is created", { pods: [waiting("ContainerCreating")] }],
  ["only another container of the Pod runs", { pods: [pod(goesOn)] }],
  ["somebody suspended the Job before it had a Pod", { job: jobs.suspended, mayBegin: true }],
];
const runs: Row[] = [
  ["the container runs", { pods: [running()] }],
  ["the node does not answer yet", { pods: [running({ phase: "Unknown" })] }],
  ["the Job has made another Pod", { pods: [running({ createdAt: at(50) }), running(gone)] }],
];
const stopping: Row[] = [
  ["the Job was suspended", { job: jobs.suspended, pods: [running()] }],
  ["the Job was suspended before its Pod started", { job: jobs.suspended, pods: [pod()] }],
  ["the Pod is deleted", { pods: [running(deleting)] }],
  ["a Pod without a node is deleted", { pods: [pod({ ...deleting, node: undefined })] }],
  ["the Job is deleted and its Pod still runs", { job: undefined, pods: [running()] }],
  ["the Job is deleted after its Pods", { job: jobs.deleting }],
  ["the Job is over and its Pod still runs", { job: jobs.late, pods: [running()] }],
  ["the Pod has gone and the Job says nothing yet", { pods: [running(gone)] }],
  ["the container was killed, its Pod does not say why yet", { pods: [{ ...killed, ...goesOn }], now }],
  ["the Pod was killed, its Job does not say why yet", { pods: [{ ...killed, ...deleting }], now }],
  ["a killed Pod has gone, its Job does not say why yet", { pods: [{ ...killed, ...gone }], now }],
  [
    "the trainer was stopped, nobody says why yet",
    { pods: [ended({ exitCode: 143, message: stopped })], now },
  ],
];
const over: Row[] = [
  ["the Pod has succeeded", { pods: [ended(verdict)] }],
  ["a verdict is reported, the Pod goes on", { pods: [ended(verdict, goesOn)] }],
  ["a verdict was reported, a newer Pod runs", { pods: [running({ createdAt: at(110) }), ended(verdict)] }],
  ["a failure is reported, the Pod goes on", { pods: [ended(failure, goesOn)] }],
  ["a failure was reported by a killed trainer", { pods: [ended({ ...failure, exitCode: 137 })], now }],
  [
    "a Terminating Pod's container has ended",
    { pods: [ended({ exitCode: 70 }, { ...deleting, ...goesOn })] },
  ],
  ["the container was killed for its memory", { pods: [ended(outOfMemory, goesOn)], now }],
  ["the container was killed a minute ago", { pods: [{ ...killed, ...goesOn }], now: at(160) }],
  ["the node's clock is an hour ahead", { pods: [killed], now: at(100 - 3600) }],
  ["the killed Pod says that its node was drained", { pods: [{ ...killed, ...deleting, ...drained }], now }],
  ["the killed Pod's Job has failed", { job: jobs.failed, pods: [killed], now }],
  ["the killed Pod's Job is suspended", { job: jobs.suspended, pods: [{ ...killed, ...goesOn }], now }],
  ["the killed Pod's Job has gone", { job: undefined, pods: [killed], now }],
  ["the Pod was evicted before it ran", { pods: [pod({ phase: "Failed", reason: "Evicted" })], now: at(2) }],
  ["the Pod has gone and the Job has failed", { job: jobs.failed, pods: [running(gone)] }],
  ["the Pod of a suspended Job has gone", { job: jobs.suspended, pods: [running(gone)], mayBegin: true }],
  ["a suspended Job has no Pod, and no time for one is left", { job: jobs.suspended }],
  ["a finished Job has no Pod", { job: jobs.complete }],
  ["there is neither Job nor Pod", { job: undefined }],
  ["the Job is deleted and its Pod has gone", { job: undefined, pods: [running(gone)] }],
];

describe("An attempt", () => {
  test.each(pending)("is pending when %s", (_, seen) => {
    expect(kindOf(seen)).toBe("pending");
  });
  test.each(runs)("is running when %s", (_, seen) => {
    expect(kindOf(seen)).toBe("running");
  });
  test.each(stopping)("is stopping when %s", (_, seen) => {
    expect(kindOf(seen)).toBe("stopping");
  });
  test.each(over)("has ended when %s", (_, seen) => {
    expect(kindOf(seen)).toBe("ended");
  });

  test("tells since when the container runs and how far it is", () => {
    const log = '{"event":"progress","stage":"search","done":9,"total":18,"etaSeconds":40}\n';
    expect(attemptState(attempt({ pods: [running()], log }))).toEqual({
      kind: "running",
      since: at(10),
      progress: { stage: "search", percent: 50, etaSeconds: 40 },
    });
    expect(attemptState(attempt({ pods: [running()] }))).toMatchObject({ progress: undefined });
  });

  test("tells why its container does not run yet", () => {
    const state = attemptState(attempt({ pods: [waiting("ErrImagePull", "not found")] }));
    expect(state).toMatchObject({ kind: "pending", why: { reason: "ImagePullBackOff" } });
  });

  test("is told by the Pod that has reported, whatever ended later", () => {
    const newer = { ...killed, uid: "pod-2", createdAt: at(50) };
    const state = attemptState(attempt({ job: jobs.failed, pods: [ended(failure), newer] }));
    expect(state).toMatchObject({ end: { reason: "DatabaseUnavailable", exitCode: 75 } });
  });
});
