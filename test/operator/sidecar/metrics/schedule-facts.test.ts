import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../../../contract/configuration.ts";
import { modelFacts } from "../../../../operator/sidecar/metrics/model-facts.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSeen } from "../../../support/seen.ts";
import { handRuns } from "../hand-runs.ts";

const model = "bike-traffic";
/** Due on the first of the month at 01:00 UTC, in winter. */
const monthly = { schedule: "0 2 1 * *", timeZone: "Europe/Paris" };
const due = "2026-12-01T01:00:00.000Z";
const run = (name: string, createdAt: string, differs: Partial<WatchedRun> = {}): WatchedRun =>
  runSeen({ name, createdAt: new Date(createdAt), ...differs });
const november = run("november", "2026-11-01T01:00:10Z", { spec: { period: "2026-11" } });

function factsAt(now: string, runs: readonly WatchedRun[], schedule: object = monthly) {
  const configuration = Configuration.parse({ models: { [model]: schedule } });
  const [facts] = modelFacts(handRuns(...runs), configuration, new Date(now));
  return facts;
}
const missed = (now: string, runs: readonly WatchedRun[], schedule?: object): string | undefined =>
  factsAt(now, runs, schedule)?.missed?.toISOString();

describe("a month is missed", () => {
  test.each<[string, string, readonly WatchedRun[], string | undefined]>([
    ["not before it is due", "2026-12-01T00:59:59Z", [november], undefined],
    ["from then on", "2026-12-01T01:00:01Z", [november], due],
    ["until the next one is due", "2026-12-31T22:00:00Z", [november], due],
    [
      "not with a run of it, however it was made and whenever",
      "2026-12-02T00:00:00Z",
      [november, run("early", "2026-11-20T00:00:00Z", { spec: { period: "2026-12" } })],
      undefined,
    ],
    [
      "not with a run that was accepted for it",
      "2026-12-02T00:00:00Z",
      [
        november,
        run("may", "2026-12-01T01:00:05Z", {
          status: { resolved: { input: {}, inputHash: "", period: "2026-12" } },
        }),
      ],
      undefined,
    ],
    [
      "though a run of no month came after",
      "2026-12-02T00:00:00Z",
      [november, run("hand", "2026-12-01T05:00:00Z")],
      due,
    ],
    [
      "by no model that was never scheduled: it may have been installed since",
      "2026-12-02T00:00:00Z",
      [run("hand", "2026-11-01T01:00:10Z")],
      undefined,
    ],
  ])("%s", (_, now, runs, expected) => {
    expect(missed(now, runs)).toBe(expected);
  });

  test.each([
    ["without a schedule", {}],
    ["while it is suspended", { ...monthly, suspend: true }],
    ["by a schedule that was never due", { ...monthly, schedule: "0 0 31 2 *" }],
    ["by one that cannot be read", { ...monthly, schedule: "monthly" }],
  ])("never %s", (_, schedule) => {
    expect(missed("2026-12-02T00:00:00Z", [november], schedule)).toBeUndefined();
  });
});

test("the oldest run, and the newest of a month, are known by when they were created", () => {
  const runs = [run("hand", "2026-12-05T00:00:00Z"), november, run("first", "2026-10-05T00:00:00Z")];
  expect(factsAt("2026-12-06T00:00:00Z", runs)).toMatchObject({
    firstRun: new Date("2026-10-05T00:00:00Z"),
    lastScheduledRun: november.createdAt,
  });
  const none = factsAt("2026-12-06T00:00:00Z", []);
  expect([none?.firstRun, none?.lastScheduledRun]).toEqual([undefined, undefined]);
});
