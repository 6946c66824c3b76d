import { getEventListeners } from "node:events";

import { expect, test } from "@jest/globals";

import { FaultyKube, gone, refusal } from "./faulty-kube.ts";
import { listWatchScene, type ListWatchScene } from "./list-watch-scene.ts";

/** It has listed an object `a-1` of version 99 and watches from there. */
async function watching(): Promise<ListWatchScene> {
  const kube = new FaultyKube();
  kube.create("a");
  const scene = listWatchScene({}, kube);
  await scene.settle();
  scene.changes();
  scene.calls();
  return scene;
}

test("a list-watch lists, and watches from the version of the list on", async () => {
  const kube = new FaultyKube();
  kube.create("a");
  const scene = listWatchScene({}, kube);
  expect(scene.list.isSynced).toBe(false);
  await expect(scene.list.synced).resolves.toBe(true);
  expect(scene.list.isSynced).toBe(true);
  await scene.settle();
  kube.create("b");
  await scene.settle();
  expect(scene.calls()).toEqual(["list", "watch 99"]);
  expect(scene.changes()).toEqual(["+a-1", "+b-2"]);
  expect(scene.news).toEqual(["listed: first"]);
  expect([...scene.list.values()]).toEqual([
    { uid: "a-1", version: "99" },
    { uid: "b-2", version: "100" },
  ]);
  await scene.stop();
});

test("a list-watch tells what was and what is", async () => {
  const told: unknown[] = [];
  const kube = new FaultyKube();
  const scene = listWatchScene(
    { onChange: (before, after) => told.push([before?.version, after?.version]) },
    kube,
  );
  await scene.settle();
  kube.create("a");
  kube.update("a");
  kube.remove("a");
  await scene.settle();
  expect(told).toEqual([
    [undefined, "99"],
    ["99", "100"],
    ["100", undefined],
  ]);
  expect(scene.list.get("a-1")).toBeUndefined();
  await scene.stop();
});

test("a list-watch goes on at once, from the last version told, when the server ends the watch", async () => {
  const scene = await watching();
  scene.kube.update("a");
  await scene.settle();
  scene.kube.close();
  await scene.settle();
  expect(scene.calls()).toEqual(["watch 100"]);
  expect(scene.news).toEqual(["listed: first", "closed"]);
  await scene.stop();
});

test("a list-watch counts a bookmark as a version told", async () => {
  const scene = await watching();
  scene.kube.create("b", { isLost: true });
  scene.kube.bookmark();
  await scene.settle();
  scene.kube.close();
  await scene.settle();
  expect(scene.calls()).toEqual(["watch 100"]);
  await scene.stop();
});

test("a list-watch waits longer and longer while watches end as soon as they begin", async () => {
  const scene = await watching();
  for (const seconds of [0, 0.75, 1.5]) {
    await scene.pass(seconds);
    scene.kube.close();
    await scene.settle();
  }
  expect(scene.calls()).toEqual(["watch 99", "list", "watch 99"]);
  expect(scene.news).toEqual([
    "listed: first",
    "failed to watch: 0.75 s",
    "failed to watch: 1.5 s",
    "listed: lost",
    "failed to watch: 3 s",
  ]);
  await scene.stop();
});

test("a list-watch shows a name that was deleted and created again in between as two objects, the old one first", async () => {
  const scene = await watching();
  scene.kube.breakWatch(gone);
  scene.kube.remove("a");
  scene.kube.create("a");
  scene.kube.create("b");
  scene.kube.remove("b");
  await scene.pass(1);
  expect(scene.calls()).toEqual(["list", "watch 103"]);
  expect(scene.changes()).toEqual(["-a-1", "+a-2"]);
  await scene.stop();
});

test("a list-watch keeps timers, listeners and objects as they are, however often it lists and watches", async () => {
  const scene = await watching();
  const before = [scene.clock.sleeping, getEventListeners(scene.signal, "abort").length];
  const object = scene.list.get("a-1");
  for (let relists = 0; relists < 50; relists++) await scene.pass(600);
  expect(scene.news.filter((news) => news === "listed: due")).toHaveLength(50);
  expect([scene.clock.sleeping, getEventListeners(scene.signal, "abort").length]).toEqual(before);
  expect(scene.list.get("a-1")).toBe(object);
  expect(scene.kube.watches).toBe(1);
  await scene.stop();
  expect(scene.clock.sleeping).toBe(0);
});

test.each(["throws", "is another kind"])(
  "is left out and told when it %s; the watch goes on",
  async (broken) => {
    const scene = await watching();
    scene.kube.create("b");
    scene.kube.update("a", { broken });
    scene.kube.create("c");
    await scene.settle();
    expect(scene.changes()).toEqual(["+b-2", "-a-1", "+c-3"]);
    expect(scene.news).toEqual(["listed: first", "unreadable: a-1"]);
    expect(scene.calls()).toEqual([]);
    scene.kube.update("a");
    await scene.settle();
    expect(scene.changes()).toEqual(["+a-1"]);
    await scene.stop();
  },
);

test("an object that cannot be read is left out of a list too", async () => {
  const kube = new FaultyKube();
  kube.create("a");
  kube.update("a", { broken: "throws" });
  kube.create("b");
  const scene = listWatchScene({}, kube);
  await scene.settle();
  expect(scene.changes()).toEqual(["+b-2"]);
  await scene.stop();
});

test("an aborted list-watch ends at once while a list gives no answer; it was never synced", async () => {
  const kube = new FaultyKube();
  kube.isStalled = true;
  const scene = listWatchScene({}, kube);
  await scene.settle();
  await scene.stop();
  await expect(scene.list.synced).resolves.toBe(false);
});

test("an aborted list-watch ends at once while it watches", async () => {
  const scene = await watching();
  await scene.stop();
  expect(scene.kube.watches).toBe(0);
});

test("an aborted list-watch ends at once while it waits to try again", async () => {
  const scene = await watching();
  scene.kube.breakWatch(refusal(429, "TooManyRequests", 60));
  await scene.settle();
  await scene.stop();
  expect(scene.calls()).toEqual([]);
});

const onChange = (): void => {
  throw new Error("no such key");
};

test("a handler that throws at a list ends run() instead of being taken for a failure of the server", async () => {
  const kube = new FaultyKube();
  kube.create("a");
  const scene = listWatchScene({ onChange }, kube);
  await scene.settle();
  await expect(scene.stop()).rejects.toThrow("no such key");
  expect(scene.news).toEqual(["listed: first"]);
});

test("a handler that throws at an event does so too", async () => {
  const scene = listWatchScene({ onChange });
  await scene.settle();
  scene.kube.create("a");
  await scene.settle();
  await expect(scene.stop()).rejects.toThrow("no such key");
  expect(scene.news).toEqual(["listed: first"]);
  expect(scene.clock.sleeping).toBe(0);
});
