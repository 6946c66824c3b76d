import { expect, test } from "@jest/globals";

import { FaultyKube, gone, refusal } from "./faulty-kube.ts";
import { listWatchScene, type ListWatchScene } from "./list-watch-scene.ts";

/** It has listed nothing yet but the version 98, and watches from there. */
async function watching(options: Parameters<typeof listWatchScene>[0] = {}): Promise<ListWatchScene> {
  const scene = listWatchScene(options);
  await scene.settle();
  scene.calls();
  return scene;
}

test.each([
  { random: 0, seconds: 540 },
  { random: 0.5, seconds: 600 },
  { random: 1, seconds: 660 },
])("the regular list comes after $seconds s when chance says $random", async ({ random, seconds }) => {
  const scene = await watching({ random: () => random });
  await scene.pass(seconds - 1);
  expect(scene.calls()).toEqual([]);
  await scene.pass(1);
  expect(scene.calls()).toEqual(["list", "watch 98"]);
  expect(scene.kube.watches).toBe(1);
  await scene.stop();
});

test("the regular list that fails leaves the watch where it is, and comes a period later", async () => {
  const scene = await watching();
  scene.kube.listFaults.push(refusal(503, "ServiceUnavailable"));
  await scene.pass(600);
  await scene.pass(0.75);
  expect(scene.calls()).toEqual(["list", "watch 98"]);
  await scene.pass(600);
  expect(scene.calls()).toEqual(["list", "watch 98"]);
  expect(scene.news).toEqual(["listed: first", "failed to list: 0.75 s", "listed: due"]);
  await scene.stop();
});

test("the regular list repairs and counts what the watch has not told", async () => {
  const scene = await watching();
  for (const name of ["a", "b", "c"]) scene.kube.create(name);
  await scene.settle();
  scene.changes();
  scene.kube.remove("a", { isLost: true });
  scene.kube.update("b", { isLost: true });
  scene.kube.create("d", { isLost: true });
  scene.kube.update("c");
  await scene.settle();
  expect(scene.changes()).toEqual(["~c-3"]);
  await scene.pass(600);
  expect(scene.changes()).toEqual(["-a-1", "~b-2", "+d-4"]);
  expect(scene.news).toEqual(["listed: first", "missed: 3", "listed: due"]);
  await scene.stop();
});

test("the regular list that is ahead of the watch waits for it before it counts", async () => {
  const scene = await watching();
  scene.kube.create("a", { isLost: true });
  await scene.pass(600);
  expect(scene.changes()).toEqual(["+a-1"]);
  expect(scene.calls()).toEqual(["list", "watch 98"]);
  expect(scene.news).toEqual(["listed: first", "listed: due"]);
  scene.kube.bookmark();
  await scene.settle();
  expect(scene.news).toEqual(["listed: first", "listed: due", "missed: 1"]);
  scene.kube.update("a");
  await scene.settle();
  expect(scene.changes()).toEqual(["~a-1"]);
  expect(scene.news).toHaveLength(3);
  await scene.stop();
});

test("the regular list that is ahead of the watch has its changes told once, and the next ones after it", async () => {
  const scene = await watching();
  for (const name of ["a", "b"]) scene.kube.create(name);
  await scene.settle();
  scene.kube.breakWatch(refusal(429, "TooManyRequests", 300));
  await scene.pass(300);
  scene.kube.breakWatch(refusal(429, "TooManyRequests", 300));
  scene.changes();
  scene.kube.create("c");
  scene.kube.remove("c");
  scene.kube.remove("a");
  scene.kube.update("b");
  scene.kube.update("b");
  await scene.settle();
  await scene.pass(300);
  expect(scene.calls().slice(-2)).toEqual(["list", "watch 100"]);
  expect(scene.changes()).toEqual(["-a-1", "~b-2"]);
  scene.kube.create("d");
  await scene.settle();
  expect(scene.changes()).toEqual(["+d-4"]);
  expect(scene.news).not.toContainEqual(expect.stringMatching(/^missed/u));
  await scene.stop();
});

test("the regular list counts a change of which the watch told but an earlier one", async () => {
  const scene = await watching();
  scene.kube.create("a");
  await scene.settle();
  scene.kube.breakWatch(refusal(429, "TooManyRequests", 300));
  await scene.pass(300);
  scene.kube.breakWatch(refusal(429, "TooManyRequests", 300));
  scene.kube.update("a");
  scene.kube.update("a", { isLost: true });
  await scene.settle();
  await scene.pass(300);
  scene.kube.bookmark();
  await scene.settle();
  expect(scene.news.at(-1)).toBe("missed: 1");
  await scene.stop();
});

test("the regular list counts what the watch had a whole period to tell, bookmark or not", async () => {
  const scene = await watching();
  scene.kube.create("a", { isLost: true });
  await scene.pass(600);
  await scene.pass(600);
  expect(scene.changes()).toEqual(["+a-1"]);
  expect(scene.news).toEqual(["listed: first", "listed: due", "missed: 1", "listed: due"]);
  expect(scene.calls()).toEqual(["list", "watch 98", "list", "watch 99"]);
  await scene.stop();
});

test("the regular list has nothing to count when the watch could not go on", async () => {
  const scene = await watching();
  scene.kube.create("a", { isLost: true });
  await scene.pass(600);
  scene.kube.breakWatch(gone);
  await scene.pass(1);
  scene.kube.bookmark();
  await scene.settle();
  expect(scene.news).toEqual(["listed: first", "listed: due", "failed to watch: 0.75 s", "listed: lost"]);
  await scene.stop();
});

test("the regular list ends the watch without a failure when the client throws for that", async () => {
  const kube = new FaultyKube();
  kube.abortError = new Error("This operation was aborted");
  const scene = listWatchScene({}, kube);
  await scene.pass(600);
  await scene.pass(600);
  await scene.stop();
  expect(scene.news).toEqual(["listed: first", "listed: due", "listed: due"]);
});
