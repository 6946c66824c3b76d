import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";

import { newestFirst } from "../../../../operator/sidecar/runs/newest-first.ts";
import { RunIndex } from "../../../../operator/sidecar/runs/run-index.ts";
import type { RunSeen } from "../../../../operator/reconcile/seen.ts";
import { runSeen, secondsLater } from "../../../support/seen.ts";

const names = ["a", "b", "c"];
const models = ["bikes", "trams"];

/** One object that is created, changed or deleted; a name that comes again is another object. */
const step = fc.record({
  do: fc.constantFrom("put", "delete"),
  name: fc.constantFrom(...names),
  uid: fc.constantFrom("1", "2"),
  model: fc.constantFrom(...models),
  second: fc.nat(3),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A plain list beside the index. */
class Model {
  readonly index = new RunIndex<RunSeen>();
  readonly #runs = new Map<string, RunSeen>();

  take({ do: what, name, uid: number, model, second }: Step): void {
    const uid = name + number;
    const before = this.#runs.get(uid);
    if (what === "delete") {
      if (before !== undefined) this.index.change(before, undefined);
      this.#runs.delete(uid);
      return;
    }
    // As the API server has it: a name belongs to one object at a time.
    if (this.expected().some((other) => other.name === name && other.uid !== uid)) return;
    const after = runSeen({ name, uid, model, createdAt: before?.createdAt ?? secondsLater(second) });
    this.index.change(before, after);
    this.#runs.set(uid, after);
  }

  expected(): readonly RunSeen[] {
    return [...this.#runs.values()].sort(newestFirst);
  }
}

describe("the index of runs", () => {
  it("always has what a plain list would have", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const model = new Model();
        for (const one of steps) {
          model.take(one);
          const [index, expected] = [model.index, model.expected()];
          expect(index.all()).toEqual(expected);
          for (const word of models)
            expect(index.ofModel(word)).toEqual(expected.filter((run) => run.model === word));
          for (const name of names)
            expect(index.byName(name)).toBe(expected.find((run) => run.name === name));
        }
      }),
    );
  });

  it("keeps a name's new owner when the old one's end is told late", () => {
    const index = new RunIndex<RunSeen>();
    const [old, young] = [runSeen({ name: "a", uid: "1" }), runSeen({ name: "a", uid: "2" })];
    index.change(undefined, old);
    index.change(undefined, young);
    index.change(old, undefined);
    expect(index.byName("a")).toBe(young);
  });

  it("orders the newest first, and runs of one second by uid", () => {
    const [one, two, three] = [
      runSeen({ name: "one", uid: "1" }),
      runSeen({ name: "two", uid: "2" }),
      runSeen({ name: "three", uid: "0", createdAt: secondsLater(1) }),
    ];
    expect([one, two, three].sort(newestFirst)).toEqual([three, two, one]);
  });
});
