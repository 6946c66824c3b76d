import { describe, expect, test } from "@jest/globals";
import winston from "winston";
import { Writable } from "node:stream";

import { newestProgress } from "../../../../operator/reconcile/attempt/progress.ts";
import { logDisplay } from "../../../../trainer/progress.ts";

const line = (differs: object = {}): string =>
  JSON.stringify({ event: "progress", stage: "search", done: 5, total: 18, etaSeconds: 12, ...differs });
const search = { stage: "search", percent: 27, etaSeconds: 12 };

describe("newestProgress()", () => {
  test.each<[string, string, object | undefined]>([
    ["the only line", line(), search],
    ["the last of several", `${line({ done: 1 })}\n${line()}\n`, search],
    [
      "the last one before other lines",
      `${line()}\n{"level":"info","message":"search done"}\nTrace\n`,
      search,
    ],
    ["the last whole line when the log is cut at its start", `"done":1,"total":2}\n${line()}`, search],
    ["the line before one that is not finished", `${line()}\n${line({ done: 9 }).slice(0, -4)}`, search],
    ["a whole number of percent, rounded down", line({ done: 999, total: 1000 }), { ...search, percent: 99 }],
    ["no more than all of it", line({ done: 30 }), { ...search, percent: 100 }],
    ["the time left in whole seconds", line({ etaSeconds: 1.7 }), { ...search, etaSeconds: 2 }],
    ["a year when it would take ages", line({ etaSeconds: 1e300 }), { ...search, etaSeconds: 31_536_000 }],
    ["no time when nobody knows it", line({ etaSeconds: null }), { stage: "search", percent: 27 }],
    ["nothing of a torn line alone", line().slice(5), undefined],
    ["nothing of an unknown stage", line({ stage: "dream" }), undefined],
    ["nothing of no total", line({ total: 0 }), undefined],
    ["nothing of a text for a number", line({ done: "5" }), undefined],
    ["nothing of another event", line({ event: "done" }), undefined],
    ["nothing of an empty log", "", undefined],
  ])("is %s", (_, log, progress) => {
    expect(newestProgress(log)).toEqual(progress);
  });

  test("reads what the trainer writes", () => {
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const format = winston.format.combine(winston.format.timestamp(), winston.format.json());
    const log = winston.createLogger({ format, transports: [new winston.transports.Stream({ stream })] });
    let now = 0;
    const display = logDisplay(log, () => now);
    now = 10;
    display.show({ stage: "extract", done: 1, total: 4, etaSeconds: undefined });
    expect(newestProgress(lines.join(""))).toEqual({ stage: "extract", percent: 25 });
  });
});
