import { describe, expect, test } from "@jest/globals";

import { failureReasons, type FailureReason } from "../../../contract/reasons.ts";
import { TrainerReport } from "../../../contract/trainer-report.ts";
import { RunFailure } from "../../../trainer/errors.ts";
import { newDraft } from "../../../trainer/report/draft.ts";
import { endingOf, reportOf, type Outcome } from "../../../trainer/report/report.ts";
import { input } from "../../support/builders.ts";

const outcomes: Record<string, Outcome> = {
  published: { kind: "published", version: "v1", unfinished: undefined },
  untidy: { kind: "published", version: "v1", unfinished: new RunFailure("DiskFull", "Cannot remove v0") },
  dryRun: { kind: "dry-run" },
  aborted: { kind: "aborted", reason: "StaleData", message: "The newest count is old" },
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

describe("endingOf()", () => {
  test.each([
    {
      name: "published",
      verdict: "Published",
      reason: "NewVersion",
      exitCode: 0,
      says: "Version v1 is current",
    },
    { name: "untidy", verdict: "Published", reason: "NewVersion", exitCode: 0, says: ". Cannot remove v0" },
    {
      name: "dryRun",
      verdict: "DryRun",
      reason: "DryRunRequested",
      exitCode: 0,
      says: "Nothing was published",
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
  ])("$name ends as $verdict with exit code $exitCode", ({ name, verdict, reason, exitCode, says }) => {
    const outcome = outcomes[name];
    const ending = outcome && endingOf(outcome, newDraft());
    expect(ending).toMatchObject({ verdict, reason, exitCode });
    expect(ending?.message).toContain(says);
  });

  test("each reason to fail has the exit code that the design gives it", () => {
    const codes: Record<FailureReason, number> = {
      BadConfiguration: 78,
      LibraryMissing: 78,
      TlsFailed: 78,
      UnreadableValue: 65,
      DatabaseUnavailable: 75,
      ModelLocked: 75,
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
  test.each(Object.keys(outcomes))("%s: the report is one of the contract", (name) => {
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
    const report = reportOf({ kind: "dry-run" }, newDraft(), { ...frame, input: input() });
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
