import { expect, test } from "@jest/globals";

import { queueScene } from "./queue-scene.ts";

const inSeconds = ({ clock }: ReturnType<typeof queueScene>, seconds: number): Date =>
  new Date(clock.now().getTime() + seconds * 1000);

test("a work queue works on keys first come, first served", async () => {
  const scene = queueScene();
  for (const key of ["b", "a", "c"]) scene.queue.add(key);
  await scene.settle();
  await scene.end("b");
  await scene.end("a");
  expect(scene.begun).toEqual(["b", "a", "c"]);
});

test("a work queue works once on a key that was added often while it waited", async () => {
  const scene = queueScene();
  for (const key of ["a", "b", "b", "b"]) scene.queue.add(key);
  await scene.settle();
  await scene.end("a");
  await scene.end("b");
  expect(scene.begun).toEqual(["a", "b"]);
});

test("a work queue works once more on a key that was added often during its pass, and not before it has ended", async () => {
  const scene = queueScene(3);
  scene.queue.add("a");
  await scene.settle();
  scene.queue.add("a");
  scene.queue.add("a");
  await scene.settle();
  expect(scene.begun).toEqual(["a"]);
  await scene.end("a");
  expect(scene.begun).toEqual(["a", "a"]);
  await scene.end("a");
  expect([...scene.inHand]).toEqual([]);
  expect(scene.begun).toEqual(["a", "a"]);
});

test("a work queue has a free worker pass over a key in hand", async () => {
  const scene = queueScene(2);
  scene.queue.add("a");
  await scene.settle();
  scene.queue.add("a");
  scene.queue.add("b");
  await scene.settle();
  expect(scene.begun).toEqual(["a", "b"]);
});

test("a work queue works on so many keys at once and no more", async () => {
  const scene = queueScene(2);
  for (const key of ["a", "b", "c"]) scene.queue.add(key);
  await scene.settle();
  expect([...scene.inHand]).toEqual(["a", "b"]);
});

test("a work queue tells how many keys wait, how long the first has, and how long each did", async () => {
  const scene = queueScene();
  expect(scene.queue.oldestSeconds).toBeUndefined();
  scene.queue.add("a");
  await scene.settle();
  scene.queue.add("b");
  await scene.pass(3);
  for (const key of ["c", "b"]) scene.queue.add(key);
  await scene.pass(4);
  expect([scene.queue.depth, scene.queue.oldestSeconds]).toEqual([2, 7]);
  await scene.end("a");
  expect([scene.queue.depth, scene.queue.oldestSeconds]).toEqual([1, 4]);
  expect(scene.waited).toEqual([0, 7]);
});

test.each([
  { what: "the earlier one was asked first", asked: [10, 20] },
  { what: "the earlier one was asked last", asked: [20, 10] },
])("a wake-up is the earliest of several when $what", async ({ asked }) => {
  const scene = queueScene();
  for (const seconds of asked) scene.queue.addAfter("a", inSeconds(scene, seconds));
  await scene.pass(9.999);
  expect(scene.begun).toEqual([]);
  await scene.pass(0.001);
  expect(scene.begun).toEqual(["a"]);
  await scene.end("a");
  await scene.pass(100);
  expect(scene.begun).toEqual(["a"]);
});

test("a wake-up is void when the key is added before", async () => {
  const scene = queueScene();
  scene.queue.addAfter("a", inSeconds(scene, 10));
  scene.queue.add("a");
  await scene.settle();
  await scene.end("a");
  await scene.pass(100);
  expect(scene.begun).toEqual(["a"]);
  expect(scene.clock.sleeping).toBe(0);
});

test("a wake-up of a key that waits for a worker is not needed", async () => {
  const scene = queueScene();
  scene.queue.add("a");
  scene.queue.addAfter("a", inSeconds(scene, 10));
  expect(scene.clock.sleeping).toBe(0);
  await scene.settle();
  expect(scene.begun).toEqual(["a"]);
});

test("a wake-up that a pass asks for takes the place of an earlier one from before the pass", async () => {
  const scene = queueScene();
  scene.queue.addAfter("a", inSeconds(scene, 10));
  scene.queue.add("a");
  await scene.settle();
  scene.queue.addAfter("a", inSeconds(scene, 20));
  await scene.end("a");
  await scene.pass(10);
  expect(scene.begun).toEqual(["a"]);
  await scene.pass(10);
  expect(scene.begun).toEqual(["a", "a"]);
});

test("a wake-up that is due already comes at once", async () => {
  const scene = queueScene();
  scene.queue.addAfter("a", inSeconds(scene, 0));
  scene.queue.addAfter("b", inSeconds(scene, -5));
  await scene.settle();
  await scene.end("a");
  expect(scene.begun).toEqual(["a", "b"]);
});

test("a wake-up in a year does not overflow a timer, and comes in a year", async () => {
  const scene = queueScene();
  const asked: number[] = [];
  const sleep = scene.clock.sleep.bind(scene.clock);
  scene.clock.sleep = (milliseconds, signal) => {
    asked.push(milliseconds);
    return sleep(milliseconds, signal);
  };
  scene.queue.addAfter("a", inSeconds(scene, 365 * 86_400));
  for (let day = 0; day < 365; day++) {
    expect(scene.begun).toEqual([]);
    await scene.pass(86_400);
  }
  expect(scene.begun).toEqual(["a"]);
  expect(Math.max(...asked)).toBeLessThan(2 ** 31);
});

test("a wake-up follows the wall clock when it is set back", async () => {
  const scene = queueScene();
  scene.queue.addAfter("a", new Date("2026-12-01T03:10:00Z"));
  scene.clock.setWallClock("2026-12-01T02:50:00Z");
  await scene.pass(600);
  expect(scene.begun).toEqual([]);
  await scene.pass(600);
  expect(scene.begun).toEqual(["a"]);
});

test("a wake-up is at most an hour late when the wall clock is set forth", async () => {
  const scene = queueScene();
  scene.queue.addAfter("a", new Date("2026-12-20T00:00:00Z"));
  await scene.settle();
  scene.clock.setWallClock("2026-12-20T00:00:00Z");
  await scene.pass(3600);
  expect(scene.begun).toEqual(["a"]);
});
