import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { Pod } from "../support/kubelet.ts";
import type { OperatorProcess } from "../support/operator-process.ts";
import type { Place, Run } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
let operator: OperatorProcess;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("stopping");
  operator = await scene.operator({
    configuration: { models: Object.fromEntries(models.map((name) => [name, {}])) },
  });
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const models = Array.from({ length: 12 }, (_, at) => `model-${String(at)}`);
let count = 0;
const nextModel = (): string => models[count++] ?? "";

/** A run whose Pod is on a node, so that it goes only when the kubelet lets it go. */
async function running(): Promise<{ name: string; run: Run; pod: Pod }> {
  const name = nextModel();
  const run = await place.create(name, { model: name });
  const pod = await place.podOf(name);
  await place.kubelet.bind(pod);
  await place.kubelet.run(pod);
  await place.whenProgressing(name, "Running");
  return { name, run, pod };
}

/** Waits until the Job controller has told the kubelet to stop the Pod. */
const toldToStop = (name: string): Promise<void> =>
  place.until(async () => {
    const [job] = (await place.run(name)).status.attempts ?? [];
    const [pod] = await place.kubelet.podsOf(job?.job ?? "");
    return pod?.metadata.deletionTimestamp !== undefined;
  });

describe("spec.cancel", () => {
  test("of a run that has not started ends it without a Job", async () => {
    const name = nextModel();
    await place.create(name, { model: name, suspend: true });
    await place.whenProgressing(name, "Suspended");
    await place.patchSpec(name, { cancel: true });
    expect(await place.whenOver(name)).toMatchObject({
      status: { verdict: "Cancelled", reason: "CancelRequested" },
    });
    expect(await place.run(name)).not.toHaveProperty("status.attempts");
  }, 60_000);

  test("of a running one stops its Pod, and then the run is Cancelled", async () => {
    const { name, run, pod } = await running();
    await place.patchSpec(name, { cancel: true });
    await place.whenProgressing(name, "Cancelling");
    await toldToStop(name);
    expect(await place.run(name)).not.toHaveProperty("status.verdict");
    const report = reportOf(run, {
      verdict: "Cancelled",
      reason: "Terminated",
      message: "Stopped by SIGTERM",
    });
    await place.kubelet.end(pod, { exitCode: 143, message: report });
    await place.kubelet.remove(pod);
    expect(await place.whenOver(name)).toMatchObject({ status: { verdict: "Cancelled" } });
  }, 60_000);

  test("past the commit point comes too late: the run is Published", async () => {
    const { name, run, pod } = await running();
    await place.patchSpec(name, { cancel: true });
    await toldToStop(name);
    await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
    await place.kubelet.remove(pod);
    expect(await place.whenOver(name)).toMatchObject({
      status: { verdict: "Published", version: reportOf(run).version },
    });
  }, 60_000);
});

describe("spec.suspend", () => {
  test("holds a run that has not started, and another run of the model goes first", async () => {
    const name = nextModel();
    await place.create(name, { model: name, suspend: true });
    await place.whenProgressing(name, "Suspended");
    const other = `${name}-other`;
    await place.create(other, { model: name });
    await place.podOf(other);
    await place.patchSpec(name, { suspend: null });
    expect(await place.whenProgressing(name, "Queued")).not.toHaveProperty("status.attempts");
  }, 60_000);
});

describe("a run that is deleted while it trains", () => {
  test("takes its Job with it, and the next run waits for the Pod", async () => {
    const { name, pod } = await running();
    // The garbage collector looks every 30 s for new kinds, such as ours.
    await place.remove("retrainruns", name);
    await place.until(async () =>
      (await place.jobs()).every(({ metadata }) => metadata.name !== jobName(pod)),
    );
    const next = `${name}-next`;
    await place.create(next, { model: name });
    await place.whenProgressing(next, "WaitingForOldPod");
    await place.kubelet.remove(pod);
    expect((await place.podOf(next)).metadata.name).toMatch(/-1-/u);
  }, 120_000);

  const jobName = (pod: Pod): string => pod.metadata.name.replace(/-[a-z0-9]+$/u, "");
});

test("a namespace goes although no operator is there any more, for nothing has a finalizer of ours", async () => {
  const going = await scene.place("going");
  await going.create("left-behind", { model: models[0] });
  await going.podOf("left-behind");
  operator.kill("SIGKILL");
  await operator.ended;
  await scene.plane.ask("/api/v1/namespaces/going", { method: "DELETE" });
  const status = async () => (await scene.plane.ask("/api/v1/namespaces/going")).status;
  await going.until(async () => (await status()) === 404);
  expect(await status()).toBe(404);
}, 60_000);
