import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { waitBeforeRetry } from "../../../operator/kube/retry.ts";

const failed = { status: 500, reason: "InternalError", retryAfterSeconds: undefined };
const tried = { reads: true, tries: 1, secondsLeft: 15 };
const none = () => 0;

describe("a call that failed", () => {
  const unreachable = { status: 0, reason: "Unreachable" };
  const late = { status: 0, reason: "Deadline" };
  test.each([
    { failure: { status: 500 }, read: "repeated", write: "not repeated" },
    { failure: { status: 503 }, read: "repeated", write: "not repeated" },
    { failure: { status: 429 }, read: "repeated", write: "repeated" },
    { failure: unreachable, read: "repeated", write: "not repeated" },
    { failure: late, read: "not repeated", write: "not repeated" },
    { failure: { status: 404 }, read: "not repeated", write: "not repeated" },
    { failure: { status: 409 }, read: "not repeated", write: "not repeated" },
    { failure: { status: 410 }, read: "not repeated", write: "not repeated" },
    { failure: { status: 200, reason: "Unreadable" }, read: "not repeated", write: "not repeated" },
  ])("with $failure.status $failure.reason: a read is $read, a write $write", ({ failure, read, write }) => {
    const said = (reads: boolean) =>
      waitBeforeRetry({ ...failed, ...failure }, { ...tried, reads }, none) === undefined
        ? "not repeated"
        : "repeated";
    expect([said(true), said(false)]).toEqual([read, write]);
  });

  test("is sent four times at most", () => {
    const waits = [1, 2, 3, 4].map((tries) => waitBeforeRetry(failed, { ...tried, tries }, none));
    expect(waits).toEqual([0.125, 0.25, 0.5, undefined]);
  });

  test("is not sent again when the deadline would come first", () => {
    const busy = { ...failed, status: 429, retryAfterSeconds: 5 };
    expect(waitBeforeRetry(busy, { ...tried, secondsLeft: 5.1 }, none)).toBe(5);
    expect(waitBeforeRetry(busy, { ...tried, secondsLeft: 5 }, none)).toBeUndefined();
  });

  test("never comes back before the server wants, and never all at once", () => {
    const anything = {
      asked: fc.nat(100),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    };
    fc.assert(
      fc.property(fc.record(anything), ({ asked, random }) => {
        const busy = { ...failed, status: 429, retryAfterSeconds: asked };
        const wait = waitBeforeRetry(busy, { ...tried, secondsLeft: 1000 }, () => random);
        expect(wait).toBeGreaterThanOrEqual(asked);
        expect(wait).toBeLessThanOrEqual(Math.max(0.25, asked * 1.25));
      }),
    );
    const busy = { ...failed, status: 429, retryAfterSeconds: 4 };
    expect(waitBeforeRetry(busy, tried, () => 0.5)).toBe(4.5);
  });
});
