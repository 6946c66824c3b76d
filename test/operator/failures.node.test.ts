import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { missingImage, quick, startNodeScene, type NodePlace, type NodeScene } from "./node-scene.ts";

jest.setTimeout(300_000);
let scene: NodeScene;
let place: NodePlace;
beforeAll(async () => {
  scene = await startNodeScene();
  place = await scene.place("failures");
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

test("a trainer that needs more memory than it may fails with OOMKilled and what to raise", async () => {
  const memory = "40Mi";
  const resources = { requests: { memory }, limits: { memory } };
  await place.create("small", { model: "bike-traffic", job: { resources, retries: 0 } });
  const { status } = await place.whenOver("small");
  expect(status).toMatchObject({
    verdict: "Failed",
    reason: "OOMKilled",
    message: expect.stringMatching(/its limit of 40Mi.+raise job\.resources\.limits\.memory/u),
    attempts: [{ exitCode: 137, reason: "OOMKilled" }],
    failures: { counted: 1, disruptions: 0 },
  });
});

test("a trainer that sees that its memory will not do says so before it is killed", async () => {
  const memory = "200Mi";
  const resources = { requests: { memory }, limits: { memory } };
  await place.create("tight", { job: { resources, retries: 0 } });
  expect((await place.whenOver("tight")).status).toMatchObject({
    verdict: "Aborted",
    reason: "NotEnoughMemory",
    message: expect.stringContaining("raise job.resources.limits.memory"),
  });
});

test("an image that does not exist is told at once, and given up at the deadline", async () => {
  await place.create("no-image", { job: { image: missingImage, pendingDeadlineSeconds: 30 } });
  const pending = await place.whenProgressing("no-image", "ImagePullBackOff");
  expect(pending.status.verdict).toBeUndefined();
  const { status } = await place.whenOver("no-image");
  expect(status).toMatchObject({
    verdict: "Failed",
    reason: "ImagePullBackOff",
    message: expect.stringMatching(/localhost\/nobody\/trainer:none.+correct job\.image/u),
    attempts: [{ reason: "Terminated" }],
    failures: { counted: 1, disruptions: 0 },
  });
});

test("a Secret that does not exist is told by its name; once it is there, the same attempt goes on", async () => {
  await place.create("no-secret", {
    source: { secretRef: { name: "nobody", key: "DATABASE_URL" } },
    training: quick,
  });
  const { status } = await place.whenProgressing("no-secret", "CreateContainerConfigError");
  const progressing = status.conditions?.find(({ type }) => type === "Progressing");
  expect(progressing?.message).toContain('secret "nobody" not found');
  await scene.node.makeDatabaseSecret(place.namespace, "nobody");
  const { status: last } = await place.whenOver("no-secret");
  expect(last).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
});

test("a Pod that is evicted by the API costs no retry, and the next attempt publishes", async () => {
  const force = { reason: "an eviction" };
  await place.create("evicted", { job: { retries: 0 }, force });
  await place.whenProgressing("evicted", "Running");
  const { name } = (await place.podOf("evicted")).metadata;
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
  const path = `/api/v1/namespaces/${place.namespace}/pods/${name}/eviction`;
  expect(await scene.node.ask(path, { method: "POST", body: eviction })).toMatchObject({ status: 201 });

  const { status } = await place.whenProgressing("evicted", "BackingOff");
  expect(status).toMatchObject({
    attempts: [{ reason: "Disrupted" }],
    failures: { counted: 0, disruptions: 1 },
  });
  expect(status.conditions?.find(({ type }) => type === "Progressing")?.message).toContain(
    "was evicted, as when its node is drained",
  );
  await place.retryNow("evicted");
  const { status: last } = await place.whenOver("evicted");
  expect(last).toMatchObject({
    verdict: "Published",
    attempts: [{ reason: "Disrupted" }, { exitCode: 0 }],
    failures: { counted: 0, disruptions: 1 },
  });
});
