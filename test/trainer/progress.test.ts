import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import winston from "winston";
import { Writable } from "node:stream";

import { etaSeconds, logDisplay, ProgressMeter, type Progress } from "../../trainer/progress.ts";

describe("etaSeconds()", () => {
  test.each([
    { done: 50, total: 100, elapsed: 10, left: 10 },
    { done: 100, total: 100, elapsed: 10, left: 0 },
    { done: 1, total: 4, elapsed: 0.5, left: 2 },
    { done: 0, total: 100, elapsed: 10, left: undefined },
    { done: 50, total: undefined, elapsed: 10, left: undefined },
  ])("is $left s after $done of $total in $elapsed s", ({ done, total, elapsed, left }) => {
    expect(etaSeconds(done, total, elapsed)).toBe(left);
  });

  test("is never negative, also when there is more than was expected", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (done, total, elapsed) => {
          expect(etaSeconds(done, total, elapsed) ?? 0).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

/** A clock that the test moves. */
function stopwatch() {
  let now = 100;
  return { seconds: () => now, pass: (seconds: number) => (now += seconds) };
}

describe("ProgressMeter", () => {
  function recorded() {
    const shown: (Progress | "clear")[] = [];
    const watch = stopwatch();
    const display = { show: (progress: Progress) => shown.push(progress), clear: () => shown.push("clear") };
    return { shown, watch, meter: new ProgressMeter(display, watch.seconds) };
  }

  test("shows the stage at its start, its progress with the time left, and clears at its end", () => {
    const { shown, watch, meter } = recorded();
    meter.start("search");
    watch.pass(4);
    meter.report(1, 3);
    meter.end();
    expect(shown).toEqual([
      { stage: "search", done: 0, total: undefined, etaSeconds: undefined },
      { stage: "search", done: 1, total: 3, etaSeconds: 8 },
      "clear",
    ]);
  });

  test("measures each stage from its own start", () => {
    const { shown, watch, meter } = recorded();
    meter.start("search");
    watch.pass(1000);
    meter.end();
    meter.start("train");
    watch.pass(2);
    meter.report(1, 2);
    expect(shown.at(-1)).toMatchObject({ stage: "train", etaSeconds: 2 });
  });

  test("shows nothing of work that goes on after its stage", () => {
    const { shown, meter } = recorded();
    meter.start("search");
    meter.end();
    meter.report(1, 2);
    expect(shown.at(-1)).toBe("clear");
  });
});

describe("logDisplay()", () => {
  function logged() {
    const lines: unknown[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(JSON.parse(chunk.toString()));
        done();
      },
    });
    const log = winston.createLogger({ transports: [new winston.transports.Stream({ stream })] });
    const watch = stopwatch();
    return { lines, watch, display: logDisplay(log, watch.seconds) };
  }
  const at = (done: number, eta?: number): Progress => ({ stage: "train", done, total: 10, etaSeconds: eta });

  test("writes one line every five seconds at most, the first after five", () => {
    const { lines, watch, display } = logged();
    display.show(at(1));
    watch.pass(4.9);
    display.show(at(2, 20));
    watch.pass(0.2);
    display.show(at(3, 12));
    display.show(at(4, 10));
    watch.pass(5);
    display.show(at(5, 9));
    expect(lines).toEqual([
      expect.objectContaining({ event: "progress", stage: "train", done: 3, total: 10, etaSeconds: 12 }),
      expect.objectContaining({ event: "progress", stage: "train", done: 5, total: 10, etaSeconds: 9 }),
    ]);
  });

  test("writes null for an unknown time, and nothing while nobody knows how much there is", () => {
    const { lines, watch, display } = logged();
    watch.pass(10);
    display.show({ stage: "extract", done: 5, total: undefined, etaSeconds: undefined });
    expect(lines).toEqual([]);
    display.show(at(0));
    display.clear();
    expect(lines).toEqual([expect.objectContaining({ done: 0, etaSeconds: null })]);
  });
});
