import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { resources } from "../../../operator/kube/api.ts";
import { configMap, configMaps, failureOf, startKubeScene, type KubeScene } from "./kube-scene.ts";

let scene: KubeScene;
beforeAll(async () => {
  scene = await startKubeScene();
}, 60_000);
beforeEach(() => {
  scene.forget();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const runs = { resource: resources.retrainRuns, namespace: "default" };
const jobs = { resource: resources.jobs, namespace: "default" };
const maps = { resource: configMaps, namespace: "default" };

const run = (name: string) => ({
  ...{ apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: { name } },
  spec: { model: "demand" },
});

describe("create", () => {
  test("sends every field as it is", async () => {
    const container = {
      name: "main",
      image: "i",
      resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }],
    };
    const spec = {
      podReplacementPolicy: "Failed",
      template: { spec: { restartPolicy: "Never", containers: [container] } },
    };
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "whole" }, spec };
    const created = await scene.kube.create(jobs, job);
    expect(created).toMatchObject({ spec });
    expect(await scene.kube.get({ ...jobs, name: "whole" })).toMatchObject({ spec });
  });

  test("keeps times as the text that they are", async () => {
    const { metadata } = await scene.kube.create(maps, configMap("timed"));
    expect(metadata).toMatchObject({ creationTimestamp: expect.stringMatching(/^\d{4}-.*Z$/u) });
  });
});

describe("patch", () => {
  test("of the status merges, and leaves the spec alone", async () => {
    await scene.kube.create(runs, run("merged"));
    const status = { ...runs, name: "merged", subresource: "status" } as const;
    await scene.kube.patch(status, { status: { message: "first", reason: "Kept" } });
    const patched = await scene.kube.patch(status, {
      status: { message: "second" },
      spec: { model: "other" },
    });
    expect(patched).toMatchObject({
      spec: { model: "demand" },
      status: { message: "second", reason: "Kept" },
    });
    expect(scene.calls.at(-1)).toMatchObject({ verb: "patch", resource: "retrainruns/status" });
  });

  test("may be a list of operations, which can name the version that they are for", async () => {
    const { metadata } = await scene.kube.create(maps, configMap("stepwise"));
    const at = { ...maps, name: "stepwise" };
    const same = { op: "replace", path: "/metadata/resourceVersion", value: metadata.resourceVersion };
    const change = { op: "add", path: "/data", value: { a: "b" } };
    expect(await scene.kube.patch(at, [same, change])).toMatchObject({ data: { a: "b" } });
    const other = { op: "add", path: "/data", value: { a: "c" } };
    expect(await failureOf(scene.kube.patch(at, [same, other]))).toMatchObject({ reason: "Conflict" });
  });

  test("of the object does not touch the status", async () => {
    await scene.kube.create(runs, run("apart"));
    const patch = { metadata: { annotations: { "retrain.velo/started": "x" } }, status: { message: "no" } };
    const patched = await scene.kube.patch({ ...runs, name: "apart" }, patch);
    expect(patched).toMatchObject({ metadata: { annotations: { "retrain.velo/started": "x" } } });
    expect(patched).not.toHaveProperty("status");
  });
});

describe("remove", () => {
  test("takes only the very object that is meant", async () => {
    const first = await scene.kube.create(maps, configMap("twice"));
    const at = { ...maps, name: "twice" };
    await scene.kube.remove({ ...at, uid: first.metadata.uid });
    const second = await scene.kube.create(maps, configMap("twice"));
    expect(await failureOf(scene.kube.remove({ ...at, uid: first.metadata.uid }))).toMatchObject({
      status: 409,
    });
    expect(await scene.kube.get(at)).toEqual(second);
  });

  test("of what is gone is a 404", async () => {
    const failure = await failureOf(scene.kube.remove({ ...maps, name: "nothing", uid: "u" }));
    expect(failure).toMatchObject({ status: 404, reason: "NotFound" });
  });

  test("does not wait for what the object owns", async () => {
    const job = await scene.kube.get({ ...jobs, name: "whole" });
    await scene.kube.remove({ ...jobs, name: "whole", uid: job.metadata.uid });
    expect(await failureOf(scene.kube.get({ ...jobs, name: "whole" }))).toMatchObject({ status: 404 });
  });
});

test("replace needs the version that it replaces", async () => {
  const made = await scene.kube.create(maps, configMap("replaced"));
  const at = { ...maps, name: "replaced" };
  const second = await scene.kube.replace(at, { ...made, data: { a: "b" } });
  expect(second).toMatchObject({ data: { a: "b" } });
  expect(await failureOf(scene.kube.replace(at, made))).toMatchObject({ reason: "Conflict" });
});

describe("list", () => {
  const paged = { labelSelector: "pages=yes", fresh: true };
  const names = ["p1", "p2", "p3", "p4", "p5"];
  beforeAll(async () => {
    for (const name of names) {
      await scene.kube.create(maps, { ...configMap(name), metadata: { name, labels: { pages: "yes" } } });
    }
  });
  const listed = async (): Promise<readonly string[]> =>
    (await scene.within({ pageSize: 2 }).list(maps, paged)).items.map(({ metadata }) => metadata.name);

  test("has all pages", async () => {
    expect(await listed()).toEqual(names);
    expect(scene.asked.map(({ query }) => query.get("limit"))).toEqual(["2", "2", "2"]);
  });

  test("begins once more when the server has forgotten how to go on", async () => {
    scene.inject({ kind: "status", status: 410, reason: "Expired" }, ({ nth }) => nth === 2);
    expect(await listed()).toEqual(names);
    expect(scene.asked).toHaveLength(5);
  });

  test("gives up when it is forgotten again", async () => {
    scene.inject({ kind: "status", status: 410, reason: "Expired" }, ({ query }) => query.has("continue"));
    expect(await failureOf(listed())).toMatchObject({ status: 410 });
    expect(scene.asked).toHaveLength(4);
  });

  test("asks the storage only when it is to be fresh", async () => {
    await scene.kube.list(maps, { fresh: true });
    await scene.kube.list(maps);
    expect(scene.asked.map(({ query }) => query.get("resourceVersion"))).toEqual([null, "0"]);
  });

  test("has a version that a watch can go on from, and all namespaces when none is named", async () => {
    const { resourceVersion, items } = await scene.kube.list(
      { ...maps, namespace: undefined },
      { fresh: true },
    );
    expect(resourceVersion).toMatch(/^[1-9]\d*$/u);
    const namespaces = items.map(
      (item) => JSON.parse(JSON.stringify(item.metadata)) as { namespace: string },
    );
    expect(new Set(namespaces.map(({ namespace }) => namespace))).toContain("kube-system");
  });
});

test("the log of a Pod that has none is an error of the server", async () => {
  const failure = await failureOf(
    scene.kube.logs(
      { namespace: "default", pod: "none", container: "trainer" },
      { tailLines: 5, limitBytes: 9 },
    ),
  );
  expect(failure).toMatchObject({ status: 404, reason: "NotFound" });
  expect(failure.message).toMatch(/^Cannot get pods\/log default\/none: /u);
  const [{ query } = { query: new URLSearchParams() }] = scene.asked;
  expect(Object.fromEntries(query)).toEqual({ container: "trainer", tailLines: "5", limitBytes: "9" });
});
