import { expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { queueScene } from "./queue-scene.ts";

type Step =
  | { readonly do: "add" | "fail" | "forget" | "end" | "throw"; readonly key: string }
  | { readonly do: "addAfter"; readonly key: string; readonly seconds: number }
  | { readonly do: "pass"; readonly seconds: number }
  | { readonly do: "clear" };

const key = fc.constantFrom("a", "b", "c", "d");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("add", "end", "fail", "forget", "throw"), key }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("addAfter"), key, seconds: fc.integer({ min: -1, max: 9 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass"), seconds: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clear") }) },
);

/** The queue said once more, without timers, promises and workers. Seconds. */
class Model {
  readonly #concurrency: number;
  #now = 0;
  #waiting: string[] = [];
  readonly #wakeUps = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly inHand = new Set<string>();
  readonly begun: string[] = [];

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get depth(): number {
    return this.#waiting.length;
  }

  get wakeUps(): number {
    return this.#wakeUps.size;
  }

  add(added: string): void {
    this.#wakeUps.delete(added);
    if (!this.#waiting.includes(added)) this.#waiting.push(added);
  }

  addAfter(added: string, seconds: number): void {
    const at = this.#now + seconds;
    if (seconds <= 0) this.add(added);
    else if (!this.#waiting.includes(added) && at < (this.#wakeUps.get(added) ?? Infinity)) {
      this.#wakeUps.delete(added);
      this.#wakeUps.set(added, at);
    }
  }

  fail(failed: string): void {
    const failures = (this.#failures.get(failed) ?? 0) + 1;
    this.#failures.set(failed, failures);
    this.addAfter(failed, Math.min(300, 2 ** (failures - 1)) / 2);
  }

  forget(forgotten: string): void {
    this.#failures.delete(forgotten);
  }

  end(ended: string): void {
    this.inHand.delete(ended);
  }

  throw(thrown: string): void {
    if (this.inHand.delete(thrown)) this.fail(thrown);
  }

  pass(seconds: number): void {
    this.#now += seconds;
    for (const [due, at] of [...this.#wakeUps]) if (at <= this.#now) this.add(due);
  }

  clear(): void {
    this.#waiting = [];
    this.#wakeUps.clear();
    this.#failures.clear();
  }

  /** The free workers take what they may. */
  settle(): void {
    while (this.inHand.size < this.#concurrency) {
      const next = this.#waiting.find((waiting) => !this.inHand.has(waiting));
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
      this.inHand.add(next);
      this.begun.push(next);
    }
  }
}

function foretell(model: Model, next: Step): void {
  switch (next.do) {
    case "addAfter":
      model.addAfter(next.key, next.seconds);
      break;
    case "pass":
      model.pass(next.seconds);
      break;
    case "clear":
      model.clear();
      break;
    case "add":
    case "fail":
    case "forget":
    case "end":
    case "throw":
      model[next.do](next.key);
  }
  model.settle();
}

async function carryOut(scene: ReturnType<typeof queueScene>, next: Step): Promise<void> {
  const { queue, clock } = scene;
  switch (next.do) {
    case "add":
      queue.add(next.key);
      break;
    case "fail":
      queue.failed(next.key);
      break;
    case "forget":
      queue.forget(next.key);
      break;
    case "end":
    case "throw":
      await scene.end(next.key, next.do === "throw" ? new Error("a failed pass") : undefined);
      break;
    case "addAfter":
      queue.addAfter(next.key, new Date(clock.now().getTime() + next.seconds * 1000));
      break;
    case "pass":
      await scene.pass(next.seconds);
      break;
    case "clear":
      queue.clear();
  }
  await scene.settle();
}

test("whatever happens, each key is worked on when it should be, by one worker, and none is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 60 }),
      async (concurrency, steps) => {
        const scene = queueScene(concurrency);
        const model = new Model(concurrency);
        for (const next of steps) {
          foretell(model, next);
          await carryOut(scene, next);
          expect(scene.begun).toEqual(model.begun);
          expect(scene.inHand).toEqual(model.inHand);
          expect([scene.queue.depth, scene.clock.sleeping]).toEqual([model.depth, model.wakeUps]);
        }
      },
    ),
    { numRuns: 200 },
  );
});
