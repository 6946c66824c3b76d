import { describe, expect, test } from "@jest/globals";

import { EventMemory, type Series, type Times } from "../../../operator/kube/event-memory.ts";
import { occurrence } from "./occurrences.ts";

const at = (seconds: number): Times => ({ now: new Date(seconds * 1000), monotonic: seconds * 1000 });
const minute = 60;

function filled(count: number): EventMemory {
  const memory = new EventMemory();
  for (let i = 0; i < count; i++) memory.add(occurrence({ message: String(i) }), at(i / 1000));
  return memory;
}

const settleAll = (memory: EventMemory): void => {
  for (const series of [...memory.unsettled]) memory.settle(series, series.count);
};
const waiting = (memory: EventMemory): readonly Series[] => [...memory.unsettled];

describe("EventMemory", () => {
  test("counts what happens again", () => {
    const memory = new EventMemory();
    for (const seconds of [0, 1, 2]) memory.add(occurrence(), at(seconds));
    expect(waiting(memory)).toEqual([
      expect.objectContaining({ count: 3, settled: 0, firstAt: new Date(0), lastAt: new Date(2000) }),
    ]);
  });

  test.each([
    { type: "Warning" as const },
    { reason: "Accepted" },
    { action: "Accept" },
    { message: "Another run of trams is active" },
    { regarding: { ...occurrence().regarding, uid: "uid-2" } },
  ])("keeps apart what differs in %j", (differs) => {
    const memory = new EventMemory();
    memory.add(occurrence(), at(0));
    memory.add(occurrence(differs), at(0));
    expect(waiting(memory).map(({ count }) => count)).toEqual([1, 1]);
  });

  test.each([
    { after: 6 * minute, counts: [2] },
    { after: 6 * minute + 0.001, counts: [1] },
  ])("a repetition after $after s: counts are $counts", ({ after, counts }) => {
    const memory = new EventMemory();
    memory.add(occurrence(), at(0));
    settleAll(memory);
    memory.add(occurrence(), at(after));
    expect(waiting(memory).map(({ count }) => count)).toEqual(counts);
  });

  test("the six minutes begin anew with each repetition", () => {
    const memory = new EventMemory();
    for (const minutes of [0, 5, 10]) {
      memory.add(occurrence(), at(minutes * minute));
      settleAll(memory);
    }
    memory.add(occurrence(), at(15 * minute));
    expect(waiting(memory).map(({ count }) => count)).toEqual([4]);
  });

  test("what still waits to be written is counted on however old it is", () => {
    const memory = new EventMemory();
    memory.add(occurrence(), at(0));
    memory.add(occurrence(), at(60 * minute));
    expect(waiting(memory).map(({ count }) => count)).toEqual([2]);
  });
});

describe("EventMemory, of 4096 series,", () => {
  test("gives up the one that was seen longest ago when there are too many", () => {
    const memory = filled(4096);
    memory.add(occurrence({ message: "0" }), at(10));
    const lost = memory.add(occurrence({ message: "one more" }), at(10));
    expect(lost.map((series) => series.occurrence.message)).toEqual(["1"]);
    expect(waiting(memory)).toHaveLength(4096);
  });

  test("forgets what is written without telling", () => {
    const memory = filled(4096);
    settleAll(memory);
    expect(memory.add(occurrence({ message: "one more" }), at(10))).toEqual([]);
    memory.add(occurrence({ message: "0" }), at(10));
    expect(waiting(memory).map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe("next()", () => {
  test("is the one that may be written first", () => {
    const memory = filled(3);
    const [first, second, third] = waiting(memory);
    for (const series of waiting(memory)) series.notBefore = 5000;
    if (second) second.notBefore = 10;
    expect(memory.next()).toBe(second);
    if (second) memory.settle(second, 1);
    expect(memory.next()).toBe(first);
    if (third) third.notBefore = 0;
    expect(memory.next()).toBe(third);
  });
});
