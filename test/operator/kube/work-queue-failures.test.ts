import { expect, test } from "@jest/globals";

import { KubeError } from "../../../operator/kube/api.ts";
import { queueScene, type QueueScene } from "./queue-scene.ts";

/** Seconds until the pass of `a` that follows its failure. */
async function wait(scene: QueueScene): Promise<number> {
  const before = scene.begun.length;
  let seconds = 0;
  for (; scene.begun.length === before && seconds < 1000; seconds += 0.5) await scene.pass(0.5);
  return seconds;
}

test("a key that fails is worked on again after 1 s, then after twice as long each time, up to 5 minutes", async () => {
  const scene = queueScene(1, { random: () => 1 });
  scene.queue.add("a");
  await scene.settle();
  const waits: number[] = [];
  for (let failures = 0; failures < 11; failures++) {
    scene.queue.failed("a");
    await scene.end("a");
    waits.push(await wait(scene));
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test("a key that fails waits half as long at least", async () => {
  const scene = queueScene(1, { random: () => 0 });
  scene.queue.add("a");
  await scene.settle();
  scene.queue.failed("a");
  await scene.end("a");
  expect(await wait(scene)).toBe(0.5);
});

test("a key that fails begins anew once its failures are forgotten", async () => {
  const scene = queueScene(1, { random: () => 1 });
  scene.queue.add("a");
  await scene.settle();
  for (let failures = 0; failures < 3; failures++) scene.queue.failed("a");
  scene.queue.forget("a");
  await scene.end("a");
  scene.queue.add("a");
  await scene.settle();
  scene.queue.failed("a");
  await scene.end("a");
  expect(await wait(scene)).toBe(1);
});

test("a key that fails fails alone", async () => {
  const scene = queueScene(2, { random: () => 1 });
  scene.queue.add("b");
  await scene.settle();
  for (let failures = 0; failures < 5; failures++) scene.queue.failed("b");
  scene.queue.add("a");
  await scene.settle();
  scene.queue.failed("a");
  await scene.end("a");
  expect(await wait(scene)).toBe(1);
});

test("a key that fails by throwing is told, worked on again later, and takes no worker with it", async () => {
  const scene = queueScene();
  const error = new Error("no such thing");
  scene.queue.add("a");
  scene.queue.add("b");
  await scene.settle();
  await scene.end("a", error);
  expect(scene.errors).toEqual([{ key: "a", error }]);
  expect(scene.begun).toEqual(["a", "b"]);
  await scene.end("b");
  await scene.pass(1);
  expect(scene.begun).toEqual(["a", "b", "a"]);
});

const busy = (status: number, retryAfterSeconds?: number): KubeError =>
  new KubeError("too busy", {
    status,
    reason: "",
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

test.each([
  { what: "429 that asks for 60 s", error: busy(429, 60), seconds: 60 },
  { what: "503 that asks for 60 s", error: busy(503, 60), seconds: 60 },
  { what: "429 that asks for nothing", error: busy(429), seconds: 1 },
  { what: "429 that asks for less than the back-off", error: busy(429, 0), seconds: 1 },
  { what: "429 that asks for an hour", error: busy(429, 3600), seconds: 300 },
  {
    what: "failure of several writes",
    error: new AggregateError([busy(429, 20), busy(429, 40), new Error("?")]),
    seconds: 40,
  },
  { what: "failure without any", error: new AggregateError([]), seconds: 1 },
])("a key that fails by a $what is worked on again after $seconds s", async ({ error, seconds }) => {
  const scene = queueScene(1, { random: () => 1 });
  scene.queue.add("a");
  await scene.settle();
  await scene.end("a", error);
  expect(await wait(scene)).toBe(seconds);
});

const later = new Date("2026-12-01T04:00:00Z");

test("clear() forgets what waits, its wake-ups and its failures; the pass in hand ends by itself", async () => {
  const scene = queueScene(1, { random: () => 1 });
  scene.queue.add("a");
  await scene.settle();
  scene.queue.add("a");
  scene.queue.add("b");
  scene.queue.addAfter("c", later);
  scene.queue.failed("d");
  scene.queue.clear();
  await scene.settle();
  expect([scene.queue.depth, scene.clock.sleeping]).toEqual([0, 0]);
  expect([...scene.inHand]).toEqual(["a"]);
  await scene.end("a");
  await scene.pass(86_400);
  expect(scene.begun).toEqual(["a"]);
  scene.queue.failed("d");
  expect(await wait(scene)).toBe(1);
});

test("clear() takes in what is added after it", async () => {
  const scene = queueScene();
  scene.queue.add("a");
  await scene.settle();
  scene.queue.clear();
  scene.queue.add("a");
  await scene.end("a");
  expect(scene.begun).toEqual(["a", "a"]);
});

test("clear() of some keys leaves the others", async () => {
  const scene = queueScene();
  scene.queue.add("z");
  await scene.settle();
  for (const key of ["x/a", "y/a"]) scene.queue.add(key);
  for (const key of ["x/b", "y/b"]) scene.queue.addAfter(key, later);
  scene.queue.clear((key) => key.startsWith("x/"));
  await scene.end("z");
  await scene.end("y/a");
  await scene.pass(3600);
  expect(scene.begun).toEqual(["z", "y/a", "y/b"]);
});

test("run() resolves when the signal is aborted and the passes in hand have ended; what waits is dropped", async () => {
  const scene = queueScene(2);
  for (const key of ["a", "b", "c"]) scene.queue.add(key);
  scene.queue.addAfter("d", new Date("2026-12-01T04:00:00Z"));
  await scene.settle();
  let stopped = false;
  const stopping = scene.stop().then(() => (stopped = true));
  await scene.end("a");
  expect(stopped).toBe(false);
  await scene.end("b");
  await stopping;
  expect(scene.begun).toEqual(["a", "b"]);
  expect([scene.queue.depth, scene.clock.sleeping]).toEqual([0, 0]);
});

test("run() resolves at once when nothing is in hand", async () => {
  const scene = queueScene(2);
  await scene.settle();
  await scene.stop();
  scene.queue.add("a");
  await scene.settle();
  expect(scene.begun).toEqual([]);
});
