import { describe, expect, test } from "@jest/globals";

import { lastLogLines } from "../../../../operator/reconcile/attempt/log-lines.ts";

const progress = '{"event":"progress","stage":"search","done":5,"total":18,"etaSeconds":1}';

describe("lastLogLines()", () => {
  test.each<[string, string, string | undefined]>([
    ["the message of a JSON line", '{"level":"error","message":"Cannot read"}\n', "Cannot read"],
    ["the text of other programs", "exec format error\n", "exec format error"],
    ["five lines", "a\nb\nc\nd\ne\nf\n", "b | c | d | e | f"],
    ["no progress", `a\n${progress}\n${progress}\n`, "a"],
    ["lines without control characters", "a\u0007\u001b[31mb\t c", "a [31mb c"],
    ["nothing of an empty log", "\n \n", undefined],
    ["nothing of progress alone", progress, undefined],
    ["no first line that may be torn", `s3cr3t@db:5432 ${"x".repeat(2000)}\nFatal`, "Fatal"],
    ["no first word that may be torn", `s3cr3t ${"x".repeat(2000)} Fatal`, `${"x".repeat(299)}…`],
    ["nothing of one torn word", "x".repeat(5000), undefined],
    [
      "no key that goes over several lines",
      "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nb",
      "*** | b",
    ],
  ])("shows %s", (_, log, shown) => {
    expect(lastLogLines(log)).toBe(shown);
  });
});
