import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../../../contract/configuration.ts";
import { builtInDefaults } from "../../../../contract/defaults.ts";
import { RetrainRunSpec } from "../../../../contract/retrain-run.ts";
import { readRun } from "../../../../operator/loop/read/run.ts";
import type { RunSeen } from "../../../../operator/reconcile/seen.ts";
import { rawMetadata, rawRun } from "./raw.ts";

const configuration = Configuration.parse({});

function read(object: object, settings = configuration): RunSeen {
  const run = readRun(object, settings);
  if (run === undefined) throw new Error("no run was read");
  return run;
}
function refusalOf(given: unknown): string {
  const { spec } = read(rawRun({ spec: given }));
  return "reason" in spec ? `${spec.reason}: ${spec.message}` : "accepted";
}

test("a run is read with what its metadata say", () => {
  const annotations = { "retrain.velo/started": "uid-0" };
  expect(read(rawRun({ spec: { model: "trams" } }, { annotations }))).toEqual({
    namespace: "velo",
    name: "monthly",
    uid: "0f6e1a52-7c1b-4a43-9a50-1f2f6b0d7e11",
    resourceVersion: "17",
    generation: 2,
    createdAt: new Date("2026-12-01T01:00:00Z"),
    deleting: false,
    startedAs: "uid-0",
    model: "trams",
    spec: { model: "trams" },
    status: {},
  });
});

test("one that is being deleted says so", () => {
  expect(read(rawRun({}, { deletionTimestamp: "2026-12-01T02:00:00Z" })).deleting).toBe(true);
});

test.each([{}, { metadata: { name: "x" } }, rawRun({}, { uid: "" }), "text"])("%j is no run", (object) => {
  expect(readRun(object, configuration)).toBeUndefined();
});

describe("a spec", () => {
  test("of every built-in default is read whole", () => {
    const spec = { ...builtInDefaults, ttlSecondsAfterFinished: 60 };
    expect(read(rawRun({ spec })).spec).toEqual(spec);
  });

  test("has every field that the contract has", () => {
    const optional = [
      "model",
      "period",
      "trigger",
      "requestedBy",
      "dryRun",
      "force",
      "restore",
      "suspend",
      "cancel",
    ];
    const covered = [...Object.keys(builtInDefaults), ...optional, "ttlSecondsAfterFinished"];
    expect(covered.toSorted()).toEqual(Object.keys(RetrainRunSpec.shape).toSorted());
  });

  test("that is absent is an empty one", () => {
    expect(read(rawRun({ spec: undefined })).spec).toEqual({});
    expect(read(rawRun({ spec: null })).spec).toEqual({});
  });

  test("of a newer definition is read without what is new, at every depth", () => {
    const spec = {
      later: { a: 1 },
      gate: { minDays: 7, laterGate: 1 },
      source: { tables: { laterTable: "x" }, exclude: [{ why: "flood", laterWhy: 1 }] },
      checks: { severity: { age: "off", laterCheck: "error" }, recheck: { forDays: 3, later: 2 } },
      job: { resources: { requests: { cpu: "1", gpu: "1" }, limits: {}, claims: [] } },
    };
    expect(read(rawRun({ spec })).spec).toEqual({
      gate: { minDays: 7 },
      source: { tables: {}, exclude: [{ why: "flood" }] },
      checks: { severity: { age: "off" }, recheck: { forDays: 3 } },
      job: { resources: { requests: { cpu: "1" }, limits: {} } },
    });
  });
});

describe("a spec that is refused", () => {
  test.each([
    {
      spec: { gate: { tolerancePercent: 101 } },
      says: "spec.gate.tolerancePercent is 101, expected number to be <=100",
    },
    { spec: { gate: { minDays: 1.5 } }, says: "spec.gate.minDays is 1.5, expected int" },
    { spec: { trigger: "Cron" }, says: 'spec.trigger is "Cron", expected one of "Schedule"|"Api"|"Manual"' },
    {
      spec: { model: "Bad_" },
      says: `spec.model is "Bad_", expected lower-case letters, digits and '-', starting`,
    },
    { spec: { force: {} }, says: "spec.force.reason is missing, expected string" },
    {
      spec: { source: { timeZone: "CET" } },
      says: 'spec.source.timeZone is "CET", expected an IANA time zone',
    },
    {
      spec: { source: { since: "3Y" } },
      says: 'spec.source.since is "3Y", expected a day such as 2026-12-01, or',
    },
    {
      spec: { source: { exclude: [{ why: "a" }, { why: "b", from: "2026-02-30" }] } },
      says: 'spec.source.exclude[1].from is "2026-02-30", expected an ISO 8601 date',
    },
    {
      spec: { training: { grid: { rounds: [5, 5] } } },
      says: "spec.training.grid.rounds is [5,5], expected each value once",
    },
    { spec: "train", says: 'spec is "train", expected object' },
  ])("names field, value and rule: $says", ({ spec, says }) => {
    expect(refusalOf(spec)).toContain(`InvalidSpec: Cannot use the spec: ${says}`);
  });

  test("names every fault at once, and only what is one", () => {
    const says = refusalOf({ later: 1, dryRun: 1, gate: { minDays: 0, later: 1 }, training: { folds: 1 } });
    expect(says).toBe(
      "InvalidSpec: Cannot use the spec: spec.dryRun is 1, expected boolean; " +
        "spec.training.folds is 1, expected number to be >=2; " +
        "spec.gate.minDays is 0, expected number to be >=1",
    );
  });

  test("for many and long faults has a message that a status can hold", () => {
    const says = refusalOf({ period: "x".repeat(5000), source: { blacklist: Array<number>(2000).fill(7) } });
    expect(says).toContain(`spec.period is "${"x".repeat(79)}…, expected a month such as 2026-12`);
    expect(says).toMatch(/spec\.source\.blacklist\[9\] is 7, expected string.*; and \d{4} more$/);
    expect(says.length).toBeLessThan(4096);
  });
});

describe("what is asked by a spec that is refused", () => {
  const askedBy = (given: unknown): unknown => {
    const { spec } = read(rawRun({ spec: given }));
    return "reason" in spec ? spec.asked : undefined;
  };
  const restore = { version: "v1", reason: "it was better", preempt: true };

  test.each([
    { spec: { trigger: "Cron", cancel: true }, asked: { cancel: true } },
    { spec: { trigger: "Cron", suspend: true, dryRun: true }, asked: { suspend: true, dryRun: true } },
    { spec: { trigger: "Cron", restore: { ...restore, later: 1 } }, asked: { restore } },
    { spec: { restore: { version: 1, reason: "r" }, cancel: true }, asked: { cancel: true } },
    { spec: { cancel: "yes", force: { reason: "now" } }, asked: { force: { reason: "now" } } },
    { spec: "cancel", asked: {} },
  ])("is read all the same: $spec", ({ spec, asked }) => {
    expect(askedBy(spec)).toEqual(asked);
  });
});

const acceptedAs = (runUid: string) => ({ model: "bikes", input: { runUid }, inputHash: "" });

describe("the model", () => {
  const trams = Configuration.parse({ model: "trams" });
  const accepted = { resolved: acceptedAs(rawMetadata.uid) };

  test.each([
    { what: "is the spec's", object: { spec: { model: "bikes" } }, model: "bikes" },
    { what: "is the configuration's when the spec names none", object: {}, model: "trams" },
    { what: "is read of a refused spec", object: { spec: { model: "bikes", dryRun: 7 } }, model: "bikes" },
    {
      what: "is the configuration's when the spec's is no name",
      object: { spec: { model: "B_" } },
      model: "trams",
    },
    {
      what: "stays as accepted although the default is another one now",
      object: { status: { observedGeneration: 2, ...accepted } },
      model: "bikes",
    },
    {
      what: "stays as started",
      object: { status: { observedGeneration: 1, startTime: "2026-12-01T01:00:00Z", ...accepted } },
      model: "bikes",
    },
    {
      what: "stays as finished",
      object: { spec: { model: "ferries" }, status: { verdict: "Skipped", ...accepted } },
      model: "bikes",
    },
    {
      what: "is the spec's that was edited since it was accepted",
      object: { spec: { model: "ferries" }, status: { observedGeneration: 1, ...accepted } },
      model: "ferries",
    },
    {
      what: "is not one that came with a backup of another run",
      object: { status: { observedGeneration: 2, resolved: acceptedAs("another uid") } },
      model: "trams",
    },
  ])("$what", ({ object, model }) => {
    expect(read(rawRun(object), trams).model).toBe(model);
  });

  test("stays as accepted once the run is marked as started, whatever is edited before the status says so", () => {
    const edited = { spec: { model: "ferries" }, status: { observedGeneration: 1, ...accepted } };
    const marked = (uid: string): object => ({ annotations: { "retrain.velo/started": uid } });
    expect(read(rawRun(edited, marked(rawMetadata.uid)), trams).model).toBe("bikes");
    expect(read(rawRun(edited, marked("another uid")), trams).model).toBe("ferries");
  });
});
