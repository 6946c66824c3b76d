import { beforeAll, expect, test } from "@jest/globals";

import { missingImage, quick, type NodePlace } from "../node-scene.ts";
import { sharedScene } from "./shared-scene.ts";

const limited = (memory: string) => ({ resources: { requests: { memory }, limits: { memory } }, retries: 0 });
const specs = {
  small: { job: limited("40Mi") },
  tight: { job: limited("200Mi") },
  "no-image": { job: { image: missingImage, pendingDeadlineSeconds: 90 } },
  "no-secret": { source: { secretRef: { name: "nobody", key: "DATABASE_URL" } }, training: quick },
};

let place: NodePlace;
beforeAll(async () => {
  place = await sharedScene().place("failures", { models: [...Object.keys(specs), "evicted"] });
  for (const [name, spec] of Object.entries(specs)) await place.create(name, { model: name, ...spec });
});

test("an image that does not exist is told at once", async () => {
  const { status } = await place.whenProgressing("no-image", "ImagePullBackOff");
  expect(status.verdict).toBeUndefined();
});

test("a Pod that is evicted by the API costs no retry, and the next attempt publishes", async () => {
  await place.create("evicted", { model: "evicted", job: { retries: 0 } });
  await place.whenProgressing("evicted", "Running");
  const { name } = (await place.podOf("evicted")).metadata;
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
  const path = `/api/v1/namespaces/${place.namespace}/pods/${name}/eviction`;
  expect(await sharedScene().node.ask(path, { method: "POST", body: eviction })).toMatchObject({
    status: 201,
  });

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

test("a trainer that needs more memory than it may fails with OOMKilled and what to raise", async () => {
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
  expect((await place.whenOver("tight")).status).toMatchObject({
    verdict: "Aborted",
    reason: "NotEnoughMemory",
    message: expect.stringContaining("raise job.resources.limits.memory"),
  });
});

test("a Secret that does not exist is told by its name; once it is there, the same attempt goes on", async () => {
  // Before that, a kubelet with much to do may say that it waits for its cache of Secrets.
  await place.when("no-secret", ({ status: { conditions = [] } }) =>
    conditions.some(
      ({ type, reason, message }) =>
        type === "Progressing" &&
        reason === "CreateContainerConfigError" &&
        message.includes('secret "nobody" not found'),
    ),
  );
  await sharedScene().node.makeDatabaseSecret(place.namespace, "nobody");
  const { status } = await place.whenOver("no-secret");
  expect(status).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
});

test("an image that does not come is given up at the deadline", async () => {
  const { status } = await place.whenOver("no-image");
  expect(status).toMatchObject({
    verdict: "Failed",
    reason: "ImagePullBackOff",
    message: expect.stringMatching(/localhost\/nobody\/trainer:none.+correct job\.image/u),
    attempts: [{ reason: "Terminated" }],
    failures: { counted: 1, disruptions: 0 },
  });
});
