import { describe, expect, test } from "@jest/globals";

import type { CurrentPointer } from "../../../contract/published.ts";
import { holdOf } from "../../../trainer/publish/hold.ts";

const pointer: CurrentPointer = {
  version: "20261201T010000Z-run1",
  manifestSha256: "0".repeat(64),
  previous: null,
  generation: 1,
  runUid: "run-1",
  publishedAt: "2026-12-01T01:00:00.000Z",
};
const hold = { by: "ann", why: "counts of May look wrong", since: "2026-12-01T01:00:00.000Z" };
const until = "2026-12-24T18:00:00Z";

describe("holdOf()", () => {
  test.each([
    { held: "nothing", hold: undefined, now: until, counts: false },
    { held: "for ever", hold, now: "2099-01-01T00:00:00Z", counts: true },
    { held: "until later", hold: { ...hold, until }, now: "2026-12-24T17:59:59.999Z", counts: true },
    { held: "until now", hold: { ...hold, until }, now: until, counts: false },
  ])("counts a hold unless its end has come: $held", ({ hold, now, counts }) => {
    const found = holdOf({ ...pointer, ...(hold && { hold }) }, new Date(now));
    expect(found).toEqual(counts ? hold : undefined);
  });
});
