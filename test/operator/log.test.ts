import { PassThrough } from "node:stream";

import { describe, expect, test } from "@jest/globals";
import winston from "winston";

import { createLog, textOf, type Log } from "../../operator/log.ts";

function logged(work: (log: Log) => void): unknown[] {
  const stream = new PassThrough({ encoding: "utf8" });
  work(createLog("info", new winston.transports.Stream({ stream })));
  const text = (stream.read() ?? "") as string;
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

describe("a line of the log", () => {
  test("is one object with time, level, message and fields", () => {
    const [line] = logged((log) => {
      log.info("A run begins", { attempts: [1] });
    });
    expect(line).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/u),
      level: "info",
      message: "A run begins",
      attempts: [1],
    });
  });

  test("says what its log is about, and what the logs above it are about", () => {
    const [line, own] = logged((log) => {
      const model = log.child({ namespace: "velo", model: "bikes" });
      model.child({ run: "now", uid: "u", attempt: 2 }).warn("It failed");
      model.info("It goes on");
    });
    expect(line).toMatchObject({ namespace: "velo", model: "bikes", run: "now", uid: "u", attempt: 2 });
    expect(own).not.toHaveProperty("run");
  });

  test("keeps its level and message whatever the fields are", () => {
    const [line] = logged((log) => {
      log.info("A run begins", { message: "other", level: "debug" });
    });
    expect(line).toMatchObject({ level: "info", message: "A run begins" });
  });

  test("below the level is left out", () => {
    expect(
      logged((log) => {
        log.debug("Nothing has changed");
      }),
    ).toEqual([]);
  });
});

describe("an error in the log", () => {
  const error = new Error("Cannot create the Job", { cause: new Error("403: quota", { cause: "full" }) });

  test("says its message and those of its causes", () => {
    const [line] = logged((log) => {
      log.warn("A pass failed", { error });
    });
    expect(line).toMatchObject({ error: "Cannot create the Job: 403: quota: full" });
    expect(line).not.toHaveProperty("stack");
  });

  test("has its stack when it is one for the level error", () => {
    const [line] = logged((log) => {
      log.error("A pass failed", { error });
    });
    expect(line).toMatchObject({ stack: expect.stringContaining("log.test.ts") });
  });

  test.each([
    { thrown: "text", says: "text" },
    { thrown: undefined, says: undefined },
    { thrown: null, says: "null" },
  ])("$thrown may be thrown too", ({ thrown, says }) => {
    const [line] = logged((log) => {
      log.warn("A pass failed", { error: thrown });
    });
    expect(line).toMatchObject({ message: "A pass failed", ...(says === undefined ? {} : { error: says }) });
  });

  test("that causes itself has an end", () => {
    const circle = new Error("round");
    circle.cause = circle;
    expect(textOf(circle)).toBe("round: round: round: round: round: round");
  });
});
