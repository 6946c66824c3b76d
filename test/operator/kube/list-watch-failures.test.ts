import { expect, test } from "@jest/globals";

import { FaultyKube, refusal, unreachable } from "./faulty-kube.ts";
import { listWatchScene, type ListWatchScene } from "./list-watch-scene.ts";

/** It has listed nothing yet but the version 98, and watches from there. */
async function watching(options: Parameters<typeof listWatchScene>[0] = {}): Promise<ListWatchScene> {
  const scene = listWatchScene(options);
  await scene.settle();
  scene.calls();
  return scene;
}

test.each([
  { what: "the connection is lost", error: unreachable },
  { what: "nothing has come for too long", error: refusal(0, "Silent") },
  { what: "the server has an error", error: refusal(500, "InternalError") },
  { what: "the server is too busy", error: refusal(429, "TooManyRequests") },
  { what: "something unknown happens", error: new Error("?") },
])("a watch that breaks is taken up where it was, after a wait, when $what", async ({ error }) => {
  const scene = await watching();
  scene.kube.create("a");
  await scene.settle();
  scene.kube.breakWatch(error);
  scene.kube.create("b");
  await scene.pass(0.749);
  expect(scene.calls()).toEqual([]);
  await scene.pass(0.001);
  expect(scene.calls()).toEqual(["watch 99"]);
  expect(scene.changes()).toEqual(["+a-1", "+b-2"]);
  expect(scene.news).toEqual(["listed: first", "failed to watch: 0.75 s"]);
  await scene.stop();
});

test("a watch that breaks is followed by a list when its version has expired", async () => {
  const scene = await watching();
  await scene.pass(5);
  scene.kube.close();
  scene.kube.create("a");
  scene.kube.compact();
  await scene.pass(0.75);
  expect(scene.calls()).toEqual(["watch 98", "list", "watch 99"]);
  expect(scene.changes()).toEqual(["+a-1"]);
  expect(scene.news.at(-1)).toBe("listed: lost");
  await scene.stop();
});

test("a watch that breaks is followed by a list when it cannot be taken up", async () => {
  const scene = await watching();
  scene.kube.breakWatch(unreachable);
  scene.kube.watchFaults.push(refusal(500, "InternalError"));
  scene.kube.create("a");
  for (const seconds of [0, 0.75, 1.5]) await scene.pass(seconds);
  expect(scene.calls()).toEqual(["watch 98", "list", "watch 99"]);
  scene.kube.breakWatch(unreachable);
  await scene.pass(3);
  expect(scene.calls()).toEqual(["watch 99"]);
  await scene.stop();
});

test("a watch that breaks is not followed by a list when it told something in between", async () => {
  const scene = await watching();
  for (const [name, seconds] of [
    ["a", 0.75],
    ["b", 1.5],
    ["c", 3],
  ] as const) {
    scene.kube.breakWatch(unreachable);
    scene.kube.create(name);
    await scene.settle();
    await scene.pass(seconds);
  }
  expect(scene.calls()).toEqual(["watch 98", "watch 99", "watch 100"]);
  await scene.stop();
});

test("a watch that breaks is not followed by a list, which is more work, as long as the server is too busy", async () => {
  const scene = await watching();
  scene.kube.breakWatch(refusal(429, "TooManyRequests"));
  scene.kube.watchFaults.push(...Array.from({ length: 4 }, () => refusal(429, "TooManyRequests")));
  for (const seconds of [0, 0.75, 1.5, 3, 6, 12]) await scene.pass(seconds);
  expect(scene.calls()).toEqual(Array(5).fill("watch 98"));
  expect(scene.kube.watches).toBe(1);
  await scene.stop();
});

test.each([
  { what: "may not be asked for yet", error: refusal(403, "Forbidden") },
  { what: "is of a kind not installed yet", error: refusal(404, "NotFound") },
  { what: "reaches nobody", error: unreachable },
])("the first list is asked for again and again when it $what", async ({ error }) => {
  const kube = new FaultyKube();
  kube.create("a");
  kube.listFaults.push(...Array.from({ length: 200 }, () => error));
  const scene = listWatchScene({}, kube);
  for (let minutes = 0; minutes < 199; minutes++) await scene.pass(60);
  expect(scene.list.isSynced).toBe(false);
  expect(scene.changes()).toEqual([]);
  await scene.pass(60);
  await scene.pass(60);
  expect(scene.list.isSynced).toBe(true);
  expect(scene.changes()).toEqual(["+a-1"]);
  expect(scene.news.slice(0, 9)).toEqual(
    [0.75, 1.5, 3, 6, 12, 24, 45, 45, 45].map((seconds) => `failed to list: ${String(seconds)} s`),
  );
  await scene.stop();
});

const waits = ({ news }: ListWatchScene): string[] => news.filter((told) => told.startsWith("failed"));

test("the wait before the next try begins anew after two minutes without a failure", async () => {
  const scene = await watching();
  for (const [healthy, wait] of [
    [0, 0.75],
    [119.9, 1.5],
    [120, 0.75],
  ] as const) {
    await scene.pass(healthy);
    scene.kube.breakWatch(unreachable);
    await scene.pass(wait);
  }
  expect(waits(scene)).toEqual([
    "failed to watch: 0.75 s",
    "failed to watch: 1.5 s",
    "failed to watch: 0.75 s",
  ]);
  await scene.stop();
});

test.each([
  { asked: 7, waited: 7 },
  { asked: 0.1, waited: 0.75 },
  { asked: 86_400, waited: 300 },
])(
  "the wait before the next try is $waited s when the server asks for $asked s",
  async ({ asked, waited }) => {
    const scene = await watching();
    scene.kube.breakWatch(refusal(429, "TooManyRequests", asked));
    await scene.settle();
    expect(waits(scene)).toEqual([`failed to watch: ${String(waited)} s`]);
    await scene.pass(waited);
    expect(scene.calls()).toEqual(["watch 98"]);
    await scene.stop();
  },
);
