import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { Place, Run } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("order");
  await scene.operator({ configuration: { models: Object.fromEntries(models.map((name) => [name, {}])) } });
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const models = Array.from({ length: 12 }, (_, at) => `model-${String(at)}`);
let count = 0;
const nextModel = (): string => models[count++] ?? "";

async function finish(name: string, differs: Parameters<typeof reportOf>[1] = {}): Promise<Run> {
  const pod = await place.podOf(name);
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(await place.run(name), differs) });
  return place.whenOver(name);
}

test("of two runs of a model the second is Queued until the first has ended", async () => {
  const model = nextModel();
  await place.create(`${model}-a`, { model });
  await place.podOf(`${model}-a`);
  await place.create(`${model}-b`, { model });
  const { status } = await place.whenProgressing(`${model}-b`, "Queued");
  expect(status.conditions?.find(({ type }) => type === "Progressing")?.message).toContain(`${model}-a`);
  expect(status).not.toHaveProperty("attempts");
  await finish(`${model}-a`);
  await place.podOf(`${model}-b`);
}, 60_000);

describe("a restore", () => {
  const restore = { version: "20261101T010000Z-run0", reason: "bad forecasts" };

  test("goes before a run that was there first", async () => {
    const model = nextModel();
    await place.create(`${model}-a`, { model });
    await place.podOf(`${model}-a`);
    await place.create(`${model}-b`, { model });
    await place.create(`${model}-back`, { model, restore });
    await place.whenProgressing(`${model}-back`, "Queued");
    await finish(`${model}-a`);
    expect(await finish(`${model}-back`, { verdict: "Restored", reason: "RestoredVersion" })).toMatchObject({
      status: { verdict: "Restored" },
    });
    await place.podOf(`${model}-b`);
  }, 60_000);

  test("that preempts cancels the active run", async () => {
    const model = nextModel();
    await place.create(`${model}-a`, { model });
    await place.podOf(`${model}-a`);
    await place.create(`${model}-back`, { model, restore: { ...restore, preempt: true } });
    expect(await place.whenOver(`${model}-a`)).toMatchObject({
      spec: { cancel: true },
      status: { verdict: "Cancelled" },
    });
    await place.podOf(`${model}-back`);
  }, 60_000);
});

test("a period that a run has done is not done again", async () => {
  const model = nextModel();
  await place.create(`${model}-2026-11`, { model, period: "2026-11" });
  await finish(`${model}-2026-11`);
  await place.create(`${model}-2026-11-2`, { model, period: "2026-11" });
  expect(await place.whenOver(`${model}-2026-11-2`)).toMatchObject({
    status: {
      verdict: "Skipped",
      reason: "AlreadyDone",
      message: expect.stringContaining(`${model}-2026-11`),
    },
  });
}, 60_000);

test("a scheduled run whose data were refused reads them again later, in the same object", async () => {
  const model = nextModel();
  await place.create(model, { model, period: "2026-11", trigger: "Schedule" });
  const pod = await place.podOf(model);
  const run = await place.run(model);
  const aborted = reportOf(run, {
    verdict: "Aborted",
    reason: "DataTooOld",
    message: "No weather since Monday",
  });
  await place.kubelet.end(pod, { exitCode: 0, message: aborted });
  const { status } = await place.whenProgressing(model, "WaitingForData");
  expect(Date.parse(status.nextRetryTime ?? "") - Date.now()).toBeGreaterThan(23 * 3_600_000);
  await place.retryNow(model);
  const second = await place.podOf(model, 2);
  await place.kubelet.end(second, { exitCode: 0, message: reportOf(run) });
  expect(await place.whenOver(model)).toMatchObject({ status: { verdict: "Published" } });
}, 60_000);

test("a run that came back with a backup of the cluster is never started", async () => {
  const model = nextModel();
  const annotations = { "retrain.velo/started": "a-run-of-long-ago" };
  await place.create(model, { model }, { annotations });
  expect(await place.whenOver(model)).toMatchObject({
    status: { verdict: "Skipped", reason: "RestoredFromBackup" },
  });
  expect((await place.jobs()).map(({ metadata }) => metadata.name)).not.toContainEqual(
    expect.stringContaining((await place.run(model)).metadata.uid.slice(0, 10)),
  );
}, 60_000);

test("a model that the configuration does not know is refused, and the run recovers when it is corrected", async () => {
  const model = nextModel();
  await place.create(`${model}-typo`, { model: "modle" });
  const { status } = await place.whenProgressing(`${model}-typo`, "UnknownModel");
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Accepted", status: "False" }));
  await place.patchSpec(`${model}-typo`, { model });
  await place.podOf(`${model}-typo`);
}, 60_000);
