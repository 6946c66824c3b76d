import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";

import { resources, type Kube, type Resource } from "../../../operator/kube/api.ts";
import type { Asked } from "../../support/fault-proxy/faults.ts";
import { follow, Following, type Options } from "./following.ts";
import { startKubeScene, type KubeScene } from "./kube-scene.ts";

jest.setTimeout(30_000);

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

const isWatch = ({ query }: Pick<Asked, "query">): boolean => query.has("watch");
const isList = (asked: Asked): boolean => !isWatch(asked);
/** The first one of those that fit. */
const first = (fits: (asked: Asked) => boolean) => {
  let seen = 0;
  return (each: Asked): boolean => fits(each) && ++seen === 1;
};
const asked = (): string[] => scene.asked.map((each) => (isWatch(each) ? "watch" : "list"));

/** It has told `a` and `b` and watches. */
async function following(options: Options = {}): Promise<Following> {
  const followed = await follow(scene, options);
  await followed.create("a");
  await followed.create("b");
  await followed.until(() => followed.changes.length === 2);
  followed.changes.length = 0;
  scene.forget();
  return followed;
}

/** One change of each kind; `a` is another object afterwards. */
async function changeAll(followed: Following): Promise<void> {
  await followed.remove("a");
  await followed.create("a");
  await followed.update("b");
  await followed.create("c");
}

const allChanges = ["-a", "+a", "~b", "+c"];

test("what changes is told as it comes", async () => {
  await using followed = await following();
  await changeAll(followed);
  await followed.agrees();
  expect(followed.changes).toEqual(allChanges);
  expect(asked()).toEqual([]);
});

test("a watch that the server ends is followed by the next one", async () => {
  await using followed = await following({ kube: scene.within({ watchSeconds: 1 }) });
  await followed.until(() => followed.news.includes("closed"));
  await changeAll(followed);
  await followed.agrees();
  expect(followed.changes).toEqual(allChanges);
  expect(followed.news).not.toContainEqual(expect.stringMatching(/^failed/u));
  expect(asked()).not.toContain("list");
});

test("a dropped watch is taken up where it was", async () => {
  await using followed = await following();
  expect(scene.proxy.dropAll()).toBe(1);
  await changeAll(followed);
  await followed.agrees();
  expect(followed.changes).toEqual(allChanges);
  expect(asked()).toEqual(["watch"]);
});

test("a half-open watch is noticed and taken up where it was", async () => {
  await using followed = await following({ kube: scene.within({ silenceSeconds: 0.5 }) });
  expect(scene.proxy.halfOpenAll()).toBe(1);
  await changeAll(followed);
  await followed.agrees();
  expect(followed.changes).toEqual(allChanges);
  expect(followed.failures[0]?.error).toMatchObject({ reason: "Silent" });
});

test("a watch that is cut in the middle of an event tells it later", async () => {
  scene.inject({ kind: "cutAfterBytes", bytes: 300 }, first(isWatch));
  await using followed = await follow(scene);
  await followed.create("a");
  await followed.agrees();
  expect(followed.changes).toEqual(["+a"]);
});

test.each([
  { what: "no connection", fault: { kind: "drop" } },
  { what: "nothing but errors", fault: { kind: "status", status: 500 } },
  { what: "nothing but refusals to do more", fault: { kind: "status", status: 429 } },
] as const)("an API server with $what for a while is followed again when it recovers", async ({ fault }) => {
  await using followed = await following({ kube: scene.within({ callSeconds: 0.2, pageSeconds: 0.2 }) });
  scene.inject(fault, () => true);
  scene.proxy.dropAll();
  await changeAll(followed);
  await followed.until(() => followed.failures.length >= 2);
  expect(followed.changes).toEqual([]);
  scene.forget();
  await followed.agrees();
  expect(followed.changes.toSorted()).toEqual(allChanges.toSorted());
  expect(followed.changes.indexOf("-a")).toBeLessThan(followed.changes.indexOf("+a"));
});

test("an API server that is too busy is left alone as long as it asks for", async () => {
  await using followed = await following({ kube: scene.within({ callSeconds: 0.2 }) });
  scene.inject({ kind: "status", status: 429, headers: { "retry-after": "2" } }, first(isWatch));
  scene.proxy.dropAll();
  await changeAll(followed);
  await followed.agrees();
  expect(followed.news.filter((news) => news.startsWith("failed"))).toEqual([
    "failed to watch: 0.5 s",
    "failed to watch: 2 s",
  ]);
  expect(asked()).not.toContain("list");
});

test("a version that has expired, by the word of the proxy, is followed by a list", async () => {
  await using followed = await following();
  scene.inject({ kind: "status", status: 410, reason: "Expired" }, first(isWatch));
  scene.proxy.dropAll();
  await changeAll(followed);
  await followed.agrees();
  expect(followed.changes).toEqual(expect.arrayContaining(allChanges));
  expect(followed.failures[1]?.error).toMatchObject({ status: 410 });
  expect(asked()).toEqual(["watch", "list", "watch"]);
});

test("a version that has expired, by the word of the API server, is followed by a list", async () => {
  const versions = ["1"];
  /** Its first list is of long ago. */
  const kube: Kube = {
    ...scene.kube,
    list: async (...at) => {
      const list = await scene.kube.list(...at);
      return { ...list, resourceVersion: versions.pop() ?? list.resourceVersion };
    },
  };
  await using followed = await follow(scene, { kube, resource: resources.retrainRuns });
  await followed.create("a");
  await followed.agrees();
  expect(followed.failures[0]?.error).toMatchObject({ status: 410, reason: "Expired" });
  expect(followed.changes).toEqual(["+a"]);
  await followed.until(() => asked().join(" ").includes("watch list watch"));
});

test("the regular list changes nothing where the watch has told all, and the watch goes on", async () => {
  await using followed = await following({ relistSeconds: 0.7 });
  await followed.until(() => followed.news.filter((news) => news === "listed: due").length >= 3);
  expect(followed.changes).toEqual([]);
  await changeAll(followed);
  await followed.agrees();
  expect(followed.changes).toEqual(allChanges);
  expect(followed.news).not.toContainEqual(expect.stringMatching(/^(?:missed|failed)/u));
});

test("the regular list finds what a watch has missed, and counts it", async () => {
  const lost: string[] = ["DELETED", "MODIFIED"];
  /** Its watches lose the first deletion and the first change. */
  const kube: Kube = {
    ...scene.kube,
    watch: async function* (...at) {
      for await (const event of scene.kube.watch(...at)) {
        const index = lost.indexOf(event.type);
        if (index === -1) yield event;
        else lost.splice(index, 1);
      }
    },
  };
  await using followed = await following({ kube, relistSeconds: 2 });
  await changeAll(followed);
  await followed.until(() => followed.changes.includes("+c"));
  expect(followed.changes).toEqual(["+a", "+c"]);
  await followed.agrees();
  expect(followed.changes).toEqual(["+a", "+c", "-a", "~b"]);
  await followed.update("c");
  await followed.until(() => followed.news.includes("missed: 2"));
  await followed.agrees();
});

test("a kind that is not installed yet is followed as soon as it is", async () => {
  const widgets: Resource = { group: "example.test", version: "v1", plural: "widgets", kind: "Widget" };
  await using followed = new Following(scene, { resource: widgets });
  await followed.until(() => followed.failures.length >= 2);
  expect(followed.failures[0]).toMatchObject({ doing: "list", error: { status: 404 } });
  expect(followed.list.isSynced).toBe(false);
  await installWidgets(widgets);
  await followed.list.synced;
  await followed.create("a");
  await followed.agrees();
  expect(followed.changes).toEqual(["+a"]);
});

async function installWidgets({ group, version, plural, kind }: Resource): Promise<void> {
  const schema = { openAPIV3Schema: { type: "object" } };
  const { status } = await scene.plane.ask("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
    method: "POST",
    body: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        ...{ group, scope: "Namespaced", names: { plural, kind } },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    },
  });
  expect(status).toBe(201);
}

test("a list that may not be asked for yet is asked for until it may", async () => {
  scene.inject({ kind: "status", status: 403, reason: "Forbidden" }, isList);
  await using followed = new Following(scene);
  await followed.until(() => followed.failures.length >= 2);
  expect(followed.list.isSynced).toBe(false);
  scene.forget();
  await followed.list.synced;
  await followed.agrees();
});

test.each([
  { what: "while it watches", stall: false },
  { what: "while the server does not answer", stall: true },
])("it ends at once $what", async ({ stall }) => {
  if (stall) scene.inject({ kind: "stall" }, () => true);
  const followed = new Following(scene);
  const isThere = (): boolean =>
    stall ? scene.asked.some(isList) : followed.list.isSynced && scene.asked.some(isWatch);
  await followed.until(isThere);
  await followed.stop();
  await expect(followed.list.synced).resolves.toBe(!stall);
  expect(followed.failures).toEqual([]);
  scene.forget();
  await setTimeout(300);
  expect(scene.asked).toEqual([]);
});
