import { describe, expect, test } from "@jest/globals";

import { readStatus } from "../../../../operator/loop/read/status.ts";

const createdAt = new Date("2026-12-01T01:00:00Z");
const read = (raw: unknown) => readStatus(raw, createdAt);

const attempt = {
  job: "rr-a-1",
  startedAt: "2026-12-01T01:00:05Z",
  finishedAt: "2026-12-01T01:09:00Z",
  exitCode: 0,
};
const condition = {
  type: "Finished",
  status: "True",
  reason: "Published",
  message: "",
  lastTransitionTime: "2026-12-01T01:09:01Z",
};
const finished = {
  observedGeneration: 1,
  conditions: [condition],
  verdict: "Published",
  reason: "NewVersion",
  attempts: [attempt],
  startTime: "2026-12-01T01:00:05Z",
  completionTime: "2026-12-01T01:09:01Z",
};

test("a status is read as it is", () => {
  expect(read(finished)).toEqual(finished);
});

test.each([undefined, null, {}, [], "text"])("%j is an empty status", (raw) => {
  expect(read(raw)).toEqual({});
});

describe("a status of a newer operator", () => {
  test("is read without the fields that are new, but for what was frozen with the run", () => {
    const resolved = { model: "bikes", input: { later: 1 }, inputHash: "ab", later: 2 };
    const raw = { ...finished, later: 1, attempts: [{ ...attempt, later: 1 }], resolved };
    expect(read(raw)).toEqual({ ...finished, resolved });
  });

  const { reason: _, ...withoutReason } = finished;
  const scored = { ...condition, type: "Scored" };

  test.each([
    { what: "a longer reason", raw: { reason: "x".repeat(200) }, expected: withoutReason },
    { what: "a larger number", raw: { progress: { stage: "search", percent: 250 } }, expected: finished },
    { what: "a new type of condition", raw: { conditions: [condition, scored] }, expected: finished },
    {
      what: "nine conditions",
      raw: { conditions: [...Array<object>(8).fill(scored), condition] },
      expected: finished,
    },
  ])("with $what is finished all the same", ({ raw, expected }) => {
    expect(read({ ...finished, ...raw })).toEqual(expected);
  });

  test.each([
    { conditions: [{ ...condition, type: "Published" }], verdict: "Published" },
    { conditions: [condition, { ...condition, type: "Succeeded" }], verdict: "Skipped" },
    { conditions: [condition, { ...condition, type: "Published", status: "False" }], verdict: "Failed" },
    { conditions: "none", verdict: "Failed" },
    { conditions: undefined, verdict: "Failed" },
  ])("whose verdict is new has ended, as $verdict", ({ conditions, verdict }) => {
    expect(read({ ...finished, verdict: "Superseded", conditions })).toMatchObject({
      verdict,
      attempts: [attempt],
      startTime: finished.startTime,
      completionTime: finished.completionTime,
    });
  });

  test("with more attempts keeps the newest ten", () => {
    const attempts = Array.from({ length: 14 }, (_, i) => ({ ...attempt, job: `rr-a-${String(i + 1)}` }));
    expect(read({ ...finished, attempts }).attempts?.map(({ job }) => job)).toEqual(
      [5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((number) => `rr-a-${String(number)}`),
    );
  });

  test("with a long reason of an attempt keeps the attempt", () => {
    expect(read({ attempts: [{ ...attempt, reason: "x".repeat(500) }] }).attempts).toEqual([attempt]);
  });
});

describe("a time", () => {
  test("with an offset is the same moment", () => {
    const raw = {
      ...finished,
      startTime: "2026-12-01T02:00:05+01:00",
      completionTime: "2026-12-01T02:09:01+01:00",
    };
    expect(read(raw)).toEqual({
      ...finished,
      startTime: "2026-12-01T01:00:05.000Z",
      completionTime: "2026-12-01T01:09:01.000Z",
    });
  });

  test("that is none is the run's creation: it has started and ended", () => {
    const raw = {
      startTime: "soon",
      verdict: "Failed",
      attempts: [{ ...attempt, startedAt: 7, finishedAt: "later" }],
    };
    const then = createdAt.toISOString();
    expect(read(raw)).toEqual({
      verdict: "Failed",
      startTime: then,
      completionTime: then,
      attempts: [{ ...attempt, startedAt: then, finishedAt: then }],
    });
  });

  test("that is absent stays absent", () => {
    expect(read({ conditions: 7, attempts: [{ job: "rr-a-1", startedAt: attempt.startedAt }] })).toEqual({
      attempts: [{ job: "rr-a-1", startedAt: attempt.startedAt }],
    });
  });
});
