import { describe, expect, test } from "@jest/globals";

import { failureReasons, type FailureReason } from "../../../contract/reasons.ts";
import { TrainerReport } from "../../../contract/trainer-report.ts";
import { RunFailure } from "../../../trainer/errors.ts";
import { newDraft } from "../../../trainer/report/draft.ts";
import { endingOf, type Outcome } from "../../../trainer/report/ending.ts";
import { reportOf } from "../../../trainer/report/report.ts";
import { input, report as builtReport } from "../../support/builders.ts";

const outcomes: Record<string, Outcome> = {
  published: { kind: "published", version: "v1", reason: "NewVersion", notes: [] },
  forced: { kind: "published", version: "v1", reason: "Forced", notes: ["Forced by ann.", "It was worse"] },
  restored: { kind: "restored", version: "v1", from: "v2", notes: [] },
  again: { kind: "restored", version: "v1", from: "v1", notes: ["Links are late"] },
  dryRun: { kind: "dry-run", would: "it would be Rejected" },
  aborted: { kind: "aborted", reason: "StaleData", message: "The newest count is old" },
  rejected: { kind: "rejected", reason: "KnownBad", message: "It was rolled back" },
  skipped: { kind: "skipped", reason: "Held", message: "Ann holds it" },
  repeated: { kind: "repeated", report: builtReport({ message: "Version v1 is current: so it was" }) },
  failed: { kind: "failed", failure: new RunFailure("DatabaseUnavailable", "Cannot connect") },
  stopped: { kind: "failed", failure: new RunFailure("Terminated", "Cannot go on") },
};
const frame = {
  input: input({ requestedBy: "ann", force: { reason: "it is known" } }),
  config: { codeRevision: "abc", image: undefined },
  startedAt: new Date("2026-12-01T01:00:00Z"),
  finishedAt: new Date("2026-12-01T01:00:09Z"),
  peakMemoryBytes: 300,
};

const endings = [
  {
    name: "published",
    verdict: "Published",
    reason: "NewVersion",
    exitCode: 0,
    says: "Version v1 is current",
  },
  {
    name: "forced",
    verdict: "Published",
    reason: "Forced",
    exitCode: 0,
    says: "Version v1 is current. Forced by ann. It was worse",
  },
  {
    name: "restored",
    verdict: "Restored",
    reason: "RestoredVersion",
    exitCode: 0,
    says: "Version v1 is current again instead of v2",
  },
  {
    name: "again",
    verdict: "Restored",
    reason: "RestoredVersion",
    exitCode: 0,
    says: "Version v1 is current again. Links are late",
  },
  { name: "rejected", verdict: "Rejected", reason: "KnownBad", exitCode: 0, says: "It was rolled back" },
  { name: "skipped", verdict: "Skipped", reason: "Held", exitCode: 0, says: "Ann holds it" },
  { name: "repeated", verdict: "Published", reason: "NewVersion", exitCode: 0, says: "so it was" },
  {
    name: "dryRun",
    verdict: "DryRun",
    reason: "DryRunRequested",
    exitCode: 0,
    says: "Nothing was published, as asked: it would be Rejected",
  },
  {
    name: "aborted",
    verdict: "Aborted",
    reason: "StaleData",
    exitCode: 0,
    says: "The newest count is old",
  },
  {
    name: "failed",
    verdict: "Failed",
    reason: "DatabaseUnavailable",
    exitCode: 75,
    says: "Cannot connect",
  },
  { name: "stopped", verdict: "Cancelled", reason: "Terminated", exitCode: 143, says: "Cannot go on" },
];

describe("endingOf()", () => {
  test.each(endings)(
    "$name ends as $verdict with exit code $exitCode",
    ({ name, verdict, reason, exitCode, says }) => {
      const outcome = outcomes[name];
      const ending = outcome && endingOf(outcome, newDraft());
      expect(ending).toMatchObject({ verdict, reason, exitCode });
      expect(ending?.message).toContain(says);
    },
  );

  test("each reason to fail has the exit code that the design gives it", () => {
    const codes: Record<FailureReason, number> = {
      BadConfiguration: 78,
      LibraryMissing: 78,
      TlsFailed: 78,
      UnreadableValue: 65,
      DatabaseUnavailable: 75,
      ModelLocked: 75,
      VersionUnusable: 78,
      AuthenticationFailed: 77,
      PermissionDenied: 77,
      VolumeReadOnly: 77,
      DiskFull: 74,
      VolumeError: 74,
      Terminated: 143,
      Bug: 70,
    };
    expect(failureReasons).toEqual(codes);
  });
});

describe("reportOf()", () => {
  test("a repeated run says again what its earlier attempt said, and what is current now", () => {
    const earlier = builtReport({ message: "Version v1 is current: so it was" });
    const current = { version: "v9", runUid: "run-9" };
    const report = reportOf({ kind: "repeated", report: earlier }, { ...newDraft(), current }, frame);
    expect(report).toEqual({ ...earlier, current });
  });

  const own = Object.keys(outcomes).filter((name) => name !== "repeated");
  test.each(own)("%s: the report is one of the contract", (name) => {
    const outcome = outcomes[name];
    const report = outcome && reportOf(outcome, newDraft(), frame);
    expect(TrainerReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report).toMatchObject({
      runUid: "run-1",
      model: "bike-traffic",
      trigger: "Manual",
      requestedBy: "ann",
      forceReason: "it is known",
      startedAt: "2026-12-01T01:00:00.000Z",
      finishedAt: "2026-12-01T01:00:09.000Z",
    });
  });

  test("what is not known is absent, not null", () => {
    const report = reportOf({ kind: "dry-run", would: "it would be fine" }, newDraft(), {
      ...frame,
      input: input(),
    });
    for (const field of [
      "requestedBy",
      "forceReason",
      "version",
      "current",
      "data",
      "training",
      "evaluation",
    ]) {
      expect(report).not.toHaveProperty(field);
    }
    expect(report.lineage).toEqual({ codeRevision: "abc", node: process.version });
  });
});
