import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";

import { readEvent } from "../../operator/loop/read/event.ts";
import { readJob } from "../../operator/loop/read/job.ts";
import { readPod } from "../../operator/loop/read/pod.ts";
import { attemptState } from "../../operator/reconcile/attempt/attempt-state.ts";
import type { AttemptSeen, AttemptState } from "../../operator/reconcile/attempt/attempt.ts";
import { startControlPlane, type TestControlPlane } from "../support/control-plane.ts";
import { startKubelet, type Kubelet, type Pod } from "../support/kubelet.ts";

let plane: TestControlPlane;
let kubelet: Kubelet;
beforeAll(async () => {
  plane = await startControlPlane();
  kubelet = startKubelet(plane, "default");
}, 120_000);
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
});

const jobs = "/apis/batch/v1/namespaces/default/jobs";
const core = "/api/v1/namespaces/default";
const merge = "application/merge-patch+json";

async function must(path: string, options: Parameters<TestControlPlane["ask"]>[1]): Promise<void> {
  const { status, message } = await plane.ask(path, options);
  if (status >= 300) throw new Error(`${path}: ${message}`);
}

const onExitCodes = (values: readonly number[]): object => ({
  action: "FailJob",
  onExitCodes: { containerName: "trainer", operator: "In", values },
});
const onDisruption = { action: "FailJob", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] };

/** With all that decides about the end of an attempt's Job. */
async function createJob(name: string): Promise<void> {
  const podFailurePolicy = { rules: [onDisruption, onExitCodes([65, 77, 78]), onExitCodes([75])] };
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "trainer", image: "trainer" }] } };
  const spec = { backoffLimit: 0, podReplacementPolicy: "Failed", podFailurePolicy, template };
  await must(jobs, {
    method: "POST",
    body: { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec },
  });
}

/** The Pod of a new Job, running on a node. */
async function running(name: string): Promise<Pod> {
  await createJob(name);
  const pod = await kubelet.podOf(name);
  await kubelet.bind(pod);
  await kubelet.run(pod);
  return pod;
}

const patchJob = (name: string, spec: object): Promise<void> =>
  must(`${jobs}/${name}`, { method: "PATCH", type: merge, body: { spec } });
const deletePod = (pod: Pod, query = ""): Promise<void> =>
  must(`${core}/pods/${pod.metadata.name}${query}`, { method: "DELETE" });
const byForce = "?gracePeriodSeconds=0";

const Items = z.object({ items: z.array(z.unknown()) });

async function see(name: string): Promise<AttemptSeen> {
  const { status, object } = await plane.ask(`${jobs}/${name}`);
  const events = Items.parse((await plane.ask(`${core}/events`)).object).items.map(readEvent);
  return {
    runUid: "run-1",
    job: status === 404 ? undefined : readJob(object),
    pods: (await kubelet.podsOf(name)).map(readPod).filter((pod) => pod !== undefined),
    events: events.filter((event) => event !== undefined),
    log: undefined,
    memoryLimit: undefined,
    mayBegin: false,
    now: new Date(),
  };
}

const stateOf = async (name: string): Promise<AttemptState> => attemptState(await see(name));

/** Asks until it is so; the test's deadline ends it otherwise. */
async function until(name: string, isSo: (seen: AttemptSeen) => boolean): Promise<AttemptSeen> {
  for (;;) {
    const seen = await see(name);
    if (isSo(seen)) return seen;
    await setTimeout(50);
  }
}
const isDeleting = ({ pods }: AttemptSeen): boolean =>
  pods.every(({ deletingAt }) => deletingAt !== undefined);
const isFinished = ({ job }: AttemptSeen): boolean => job?.finished !== undefined;
const ended = (end: object) => expect.objectContaining({ kind: "ended", end: expect.objectContaining(end) });
const stopping = { kind: "stopping" };

describe("With the Job controller of a real control plane", () => {
  test.each([
    { exitCode: 65, told: 65, outcome: "permanent" },
    { exitCode: 75, told: 75, outcome: "counted" },
    { exitCode: 1, told: undefined, outcome: "counted" },
  ])("exit code $exitCode is $outcome, also by the Job alone", async ({ exitCode, told, outcome }) => {
    const name = `exit-${String(exitCode)}`;
    const pod = await running(name);
    expect(await stateOf(name)).toMatchObject({ kind: "running" });
    await kubelet.end(pod, { exitCode });
    const seen = await until(name, isFinished);
    expect(attemptState(seen)).toEqual(ended({ outcome, exitCode }));
    expect(attemptState({ ...seen, pods: [] })).toEqual(ended({ outcome, exitCode: told }));
  });

  test("an eviction is a disruption, also by the Job alone", async () => {
    const pod = await running("drained");
    const { name } = pod.metadata;
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: "default" } };
    await must(`${core}/pods/${name}/eviction`, { method: "POST", body });
    const { pods } = await see("drained");
    expect(attemptState(await see("drained"))).toEqual(stopping);
    const disruption = pods[0]?.conditions.find(({ type }) => type === "DisruptionTarget");
    const { reason = "", message = "" } = disruption ?? {};
    await kubelet.end(pod, { exitCode: 143, disruption: { reason, message } });
    const seen = await until("drained", isFinished);
    expect(attemptState(seen)).toEqual(
      ended({ outcome: "disruption", message: expect.stringMatching(/as when its node is drained/) }),
    );
    expect(attemptState({ ...seen, pods: [] })).toEqual(
      ended({ outcome: "disruption", reason: "Disrupted" }),
    );
  });
});

describe("Somebody else ends it:", () => {
  test("a suspended Job never finishes, and takes its Pod with it", async () => {
    const pod = await running("suspended");
    await patchJob("suspended", { suspend: true });
    expect(attemptState(await until("suspended", isDeleting))).toEqual(stopping);
    await kubelet.end(pod, { exitCode: 143 });
    const last = await see("suspended");
    expect(attemptState(last)).toEqual(ended({ exitCode: 143, reason: "Terminated" }));
    await deletePod(pod, byForce);
    const after = await until("suspended", ({ pods }) => pods.length === 0);
    const gone = last.pods.map((one) => ({ ...one, gone: true }));
    expect(after.job?.finished).toBeUndefined();
    expect(attemptState({ ...after, pods: gone })).toEqual(ended({ exitCode: 143, reason: "Terminated" }));
  });

  test("a deleted Pod ends the attempt once its Job has failed", async () => {
    const pod = await running("by-hand");
    await deletePod(pod);
    expect(await stateOf("by-hand")).toEqual(stopping);
    await kubelet.end(pod, { exitCode: 143 });
    expect(attemptState(await until("by-hand", isFinished))).toEqual(ended({ reason: "PodDeleted" }));
  });

  test("a Pod that is deleted by force stays, for its Job holds it: the attempt has not ended", async () => {
    const pod = await running("by-force");
    await deletePod(pod, byForce);
    const seen = await until("by-force", isDeleting);
    expect(seen.pods).toHaveLength(1);
    expect(attemptState(seen)).toEqual(stopping);
  });

  test("a deleted Job ends the attempt when its Pod has ended", async () => {
    const pod = await running("deleted");
    await must(`${jobs}/deleted?propagationPolicy=Background`, { method: "DELETE" });
    const seen = await until("deleted", (all) => all.job === undefined && isDeleting(all));
    expect(attemptState(seen)).toEqual(stopping);
    await kubelet.end(pod, { exitCode: 143 });
    expect(await stateOf("deleted")).toEqual(ended({ reason: "JobDeleted", exitCode: 143 }));
  });
});

describe("The Job controller tells", () => {
  test("its deadline only after the Pod's end, and the attempt waits for that", async () => {
    const pod = await running("late");
    await patchJob("late", { activeDeadlineSeconds: 1 });
    await until("late", isDeleting);
    await kubelet.end(pod, { exitCode: 143 });
    const states: AttemptState[] = [];
    await until("late", (seen) => {
      states.push(attemptState(seen));
      return isFinished(seen);
    });
    const last = states.pop();
    expect(states).toEqual(states.map(() => stopping));
    expect(last).toEqual(ended({ outcome: "timedOut", reason: "DeadlineExceeded" }));
  });

  test("of a quota that keeps the attempt from starting", async () => {
    const body = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "none" },
      spec: { hard: { pods: "0" } },
    };
    await must(`${core}/resourcequotas`, { method: "POST", body });
    await createJob("refused");
    // A new quota first refuses with "status unknown", until its controller has counted.
    const seen = await until("refused", ({ events, job }) =>
      events.some(({ aboutUid, message }) => aboutUid === job?.uid && !message.includes("status unknown")),
    );
    expect(attemptState(seen)).toMatchObject({
      kind: "pending",
      why: {
        reason: "QuotaExceeded",
        message: expect.stringMatching(/exceeded quota: none, requested: pods=1/),
      },
    });
  });
});
