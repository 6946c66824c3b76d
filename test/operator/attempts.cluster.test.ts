import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { ContainerEnd, Pod } from "../support/kubelet.ts";
import type { Place, Run } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("attempts");
  // Each test has a model of its own, so that none waits for another.
  await scene.operator({ configuration: { models: Object.fromEntries(models.map((name) => [name, {}])) } });
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const models = Array.from({ length: 30 }, (_, at) => `model-${String(at)}`);
let count = 0;

/** A new run of a model of its own, and the Pod of its first attempt, which runs. */
async function started(spec: Record<string, unknown> = {}): Promise<{ name: string; run: Run; pod: Pod }> {
  const name = models[count++] ?? "";
  const run = await place.create(name, { model: name, ...spec });
  const pod = await place.podOf(name);
  await place.kubelet.run(pod);
  await place.whenProgressing(name, "Running");
  return { name, run, pod };
}

/** The next attempt's Pod, without the wait before it. */
async function retried(name: string, attempts: number): Promise<Pod> {
  await place.retryNow(name);
  return place.podOf(name, attempts);
}

interface FailingEnd {
  readonly sentence: string;
  readonly end: ContainerEnd;
  readonly reason: string;
  readonly message: RegExp;
}

const failedReport = (reason: string) => ({ verdict: "Failed", reason, message: "It failed" }) as const;

const ends: readonly FailingEnd[] = [
  {
    sentence: "it used too much memory",
    end: { exitCode: 137, reason: "OOMKilled" },
    reason: "OOMKilled",
    message: /limit of 2Gi.*raise job\.resources\.limits\.memory/u,
  },
  {
    sentence: "the kubelet evicted it for its node's sake",
    end: {
      exitCode: 137,
      pod: { reason: "Evicted", message: "The node was low on resource: memory" },
      disruption: { reason: "TerminationByKubelet", message: "The node was low on resource: memory" },
    },
    reason: "Evicted",
    message: /low on resource: memory/u,
  },
  {
    sentence: "its node was drained",
    end: {
      exitCode: 143,
      disruption: { reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" },
    },
    reason: "Disrupted",
    message: /node is drained/u,
  },
  {
    sentence: "it ended well with no report at all",
    end: { exitCode: 0 },
    reason: "NoReport",
    message: /exit code 0/u,
  },
  {
    sentence: "its report is not JSON",
    end: { exitCode: 1, message: "Segmentation fault" },
    reason: "NoReport",
    message: /exit code 1.*Segmentation fault/u,
  },
  {
    sentence: "its report was cut at 4 KiB",
    end: {
      exitCode: 0,
      message: JSON.stringify({ ...failedReport("Bug"), padding: "x".repeat(5000) }).slice(0, 4096),
    },
    reason: "NoReport",
    message: /exit code 0/u,
  },
  {
    sentence: "its report is another run's",
    end: {
      exitCode: 0,
      message: {
        schemaVersion: 1,
        runUid: "other",
        verdict: "Published",
        reason: "NewVersion",
        message: "",
        peakMemoryBytes: 1,
      },
    },
    reason: "NoReport",
    message: /another run|other/u,
  },
];

describe("an attempt that a retry may mend is repeated after a wait that the status names", () => {
  test.each(ends)(
    "$sentence",
    async ({ end, reason, message }) => {
      const { name, run, pod } = await started();
      await place.kubelet.end(pod, end);
      const { status } = await place.whenProgressing(name, "BackingOff");
      expect(status).toMatchObject({ attempts: [{ exitCode: end.exitCode, reason }] });
      expect(status.conditions?.find(({ type }) => type === "Progressing")?.message).toMatch(message);
      const wait = Date.parse(status.nextRetryTime ?? "") - Date.now();
      expect(wait).toBeGreaterThan(30_000);
      expect(wait).toBeLessThanOrEqual(61_000);

      const second = await retried(name, 2);
      await place.kubelet.run(second);
      await place.kubelet.end(second, { exitCode: 0, message: reportOf(run) });
      expect(await place.whenOver(name)).toMatchObject({
        status: { verdict: "Published", attempts: [{ reason }, { reason: "NewVersion", exitCode: 0 }] },
      });
    },
    60_000,
  );
});

describe("an attempt that no retry can mend ends the run", () => {
  test.each([
    { exitCode: 65, reason: "EmptyTable" },
    { exitCode: 77, reason: "WrongPassword" },
    { exitCode: 78, reason: "BadConfiguration" },
  ])(
    "exit code $exitCode",
    async ({ exitCode, reason }) => {
      const { name, run, pod } = await started();
      await place.kubelet.end(pod, { exitCode, message: reportOf(run, failedReport(reason)) });
      const { status } = await place.whenOver(name);
      expect(status).toMatchObject({
        verdict: "Failed",
        reason,
        message: "It failed",
        attempts: [{ exitCode }],
      });
    },
    60_000,
  );

  test("longer than activeDeadlineSeconds", async () => {
    const { name, pod } = await started();
    const why = {
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    };
    await place.kubelet.end(pod, { exitCode: 137, pod: why });
    expect(await place.whenOver(name)).toMatchObject({
      status: { verdict: "TimedOut", reason: "DeadlineExceeded" },
    });
  }, 60_000);
});

test("counted failures end the run after job.retries retries", async () => {
  const { name, pod } = await started({ job: { retries: 1 } });
  await place.kubelet.end(pod, { exitCode: 1 });
  const second = await retried(name, 2);
  await place.kubelet.end(second, { exitCode: 1 });
  expect(await place.whenOver(name)).toMatchObject({
    status: { verdict: "Failed", failures: { counted: 2 }, attempts: [{}, {}] },
  });
  expect(await place.eventsOf(name)).toContain("BackingOff");
}, 60_000);

test("a locked model waits without being counted", async () => {
  const { name, run, pod } = await started({ job: { retries: 0 } });
  await place.kubelet.end(pod, { exitCode: 75, message: reportOf(run, failedReport("ModelLocked")) });
  const { status } = await place.whenProgressing(name, "BackingOff");
  expect(status.failures?.counted ?? 0).toBe(0);
}, 60_000);

test("disruptions are free five times, then they count", async () => {
  const { name, pod } = await started({ job: { retries: 0 } });
  const end: ContainerEnd = {
    exitCode: 143,
    disruption: { reason: "PreemptionByScheduler", message: "preempting" },
  };
  await place.kubelet.end(pod, end);
  for (let attempts = 2; attempts <= 6; attempts++)
    await place.kubelet.end(await retried(name, attempts), end);
  expect(await place.whenOver(name)).toMatchObject({
    status: { verdict: "Failed", reason: "Disrupted", failures: { counted: 1, disruptions: 6 } },
  });
}, 60_000);

test("a Job that somebody deletes is a counted failure, and the run goes on", async () => {
  const { name, pod } = await started();
  await place.kubelet.bind(pod);
  await place.remove("jobs", (await place.run(name)).status.attempts?.[0]?.job ?? "");
  // Its trainer may go on until the kubelet has ended it.
  expect((await place.run(name)).status.attempts).toHaveLength(1);
  await place.kubelet.remove(pod);
  expect(await place.whenProgressing(name, "BackingOff")).toMatchObject({
    status: { attempts: [{ reason: "JobDeleted" }], failures: { counted: 1 } },
  });
}, 60_000);

test("a Pod that somebody deletes is a counted failure, and the run goes on", async () => {
  const { name, pod } = await started();
  await place.remove("pods", pod.metadata.name);
  expect(await place.whenProgressing(name, "BackingOff")).toMatchObject({
    status: { attempts: [{ reason: "PodDeleted" }], failures: { counted: 1 } },
  });
}, 60_000);

test("a published version of a Pod that is deleted in its last moment is not lost", async () => {
  const { name, run, pod } = await started();
  await place.kubelet.bind(pod);
  await place.remove("pods", pod.metadata.name);
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
  await place.kubelet.remove(pod);
  expect(await place.whenOver(name)).toMatchObject({ status: { verdict: "Published" } });
}, 60_000);
