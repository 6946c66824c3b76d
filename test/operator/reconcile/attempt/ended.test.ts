import { describe, expect, test } from "@jest/globals";

import { attemptState } from "../../../../operator/reconcile/attempt/attempt-state.ts";
import type { AttemptEnd, AttemptSeen } from "../../../../operator/reconcile/attempt/attempt.ts";
import { at, attempt, ended, failed, job, jobs, pod, report, running, stopped, type End } from "./views.ts";

function endOf(seen: Partial<AttemptSeen>): AttemptEnd {
  const state = attemptState(attempt(seen));
  if (state.kind !== "ended") throw new Error(`The attempt is ${state.kind}`);
  return state.end;
}
const endOfPod = (end: End): AttemptEnd => endOf({ pods: [ended(end)], job: job() });

const verdicts = [
  { verdict: "Published", reason: "NewVersion" },
  { verdict: "Rejected", reason: "WorseThanChampion" },
  { verdict: "Aborted", reason: "TooFewRows" },
  { verdict: "Skipped", reason: "NoNewData" },
  { verdict: "DryRun", reason: "DryRunRequested" },
  { verdict: "Restored", reason: "RestoredVersion" },
] as const;
const failures = [
  { exitCode: 65, reason: "UnreadableValue", outcome: "permanent" },
  { exitCode: 77, reason: "VolumeReadOnly", outcome: "permanent" },
  { exitCode: 78, reason: "BadConfiguration", outcome: "permanent" },
  { exitCode: 75, reason: "DatabaseUnavailable", outcome: "counted" },
  { exitCode: 74, reason: "DiskFull", outcome: "counted" },
  { exitCode: 70, reason: "Bug", outcome: "counted" },
  { exitCode: 75, reason: "ModelLocked", outcome: "locked" },
  { exitCode: 77, reason: "AReasonOfANewerTrainer", outcome: "permanent" },
];

describe("An attempt with a report", () => {
  test.each(verdicts)("ends with the verdict $verdict and its reason", ({ verdict, reason }) => {
    const told = report({ verdict, reason });
    expect(endOfPod({ exitCode: 0, message: told })).toEqual({
      at: at(100),
      exitCode: 0,
      report: told,
      outcome: "report",
      reason,
      message: told.message,
    });
  });

  test.each(failures)("of exit code $exitCode and $reason is $outcome", ({ exitCode, reason, outcome }) => {
    const end = endOfPod({ exitCode, message: failed(reason, "Cannot do it") });
    expect(end).toMatchObject({ exitCode, outcome, reason, message: "Cannot do it" });
  });
});

describe("A report", () => {
  test("is believed although the process was killed after it", () => {
    expect(endOfPod({ exitCode: 137, message: report() })).toMatchObject({
      outcome: "report",
      exitCode: 137,
    });
    expect(endOfPod({ exitCode: 137, message: failed("BadConfiguration") })).toMatchObject({
      outcome: "permanent",
    });
  });

  test("is believed although a child process was killed for its memory", () => {
    const end = endOfPod({ exitCode: 0, reason: "OOMKilled", message: report() });
    expect(end).toMatchObject({ outcome: "report", reason: "NewVersion" });
  });

  test("of a failure is told with the memory that ran out, and what was used", () => {
    const message = failed("Bug", "A worker has ended");
    const end = endOfPod({ exitCode: 70, reason: "OOMKilled", message });
    expect(end).toMatchObject({ outcome: "counted", reason: "Bug" });
    expect(end.message).toMatch(
      /^A worker has ended\. .*limit of 2Gi .*raise job\.resources\.limits\.memory.*400 MiB$/,
    );
  });

  test("may come from a trainer that could not read which run it was", () => {
    const message = { ...failed("BadConfiguration", "RUN_FILE is missing"), runUid: "" };
    expect(endOfPod({ exitCode: 78, message })).toMatchObject({
      outcome: "permanent",
      reason: "BadConfiguration",
    });
  });

  test("needs to hold nothing but what decides", () => {
    const message = { ...report(), stages: [{ name: "dream", seconds: 1 }], dreams: 3 };
    const end = endOfPod({ exitCode: 0, message });
    expect(end).toMatchObject({ outcome: "report", report: { verdict: "Published" } });
    expect(end.report).not.toHaveProperty("stages");
  });
});

describe("A report of a stop", () => {
  test("is told by who stopped the trainer", () => {
    const stoppedPod = ended({ exitCode: 143, message: stopped });
    expect(endOf({ pods: [stoppedPod], job: jobs.failed })).toMatchObject({
      outcome: "counted",
      reason: "Terminated",
      message: "Stopped on request",
    });
    expect(endOf({ pods: [stoppedPod], job: jobs.suspended })).toMatchObject({
      reason: "Terminated",
      report: stopped,
    });
    expect(endOf({ pods: [stoppedPod], job: undefined })).toMatchObject({
      reason: "JobDeleted",
      report: stopped,
    });
    expect(endOf({ pods: [{ ...stoppedPod, reason: "DeadlineExceeded" }] })).toMatchObject({
      outcome: "timedOut",
      report: stopped,
    });
    expect(endOf({ pods: [{ ...stoppedPod, deletingAt: at(99) }], job: jobs.failed })).toMatchObject({
      reason: "PodDeleted",
    });
  });
});

const whole = JSON.stringify(report());
const long = JSON.stringify(report({ message: "x".repeat(5000) }));
const unreadable: readonly (readonly [sentence: string, end: End, message: RegExp])[] = [
  ["the message is empty", { exitCode: 0 }, /exit code 0, success\) and left no report/],
  [
    "the message was cut after 4,096 bytes",
    { exitCode: 0, message: long.slice(0, 4096) },
    /cut or of an unknown version/,
  ],
  [
    "the message was cut in the middle",
    { exitCode: 70, message: whole.slice(0, 100) },
    /cut or of an unknown version;/,
  ],
  [
    "the message is no JSON",
    { exitCode: 70, message: "Segmentation fault" },
    /left no report.* Its log ends: Segm/,
  ],
  [
    "the report has another schema",
    { exitCode: 0, message: { ...report(), schemaVersion: 2 } },
    /unknown version/,
  ],
  [
    "the report's reason is no word",
    { exitCode: 0, message: report({ reason: "not a word" }) },
    /unknown version/,
  ],
  [
    "the report is another run's",
    { exitCode: 0, message: report({ runUid: "run-0" }) },
    /another run \(uid run-0\)/,
  ],
  ["the report has a verdict of no run", { exitCode: 0, message: report({ runUid: "" }) }, /another run/],
  [
    "the exit code belies a verdict",
    { exitCode: 1, message: report() },
    /reported Published, which its exit/,
  ],
  [
    "the exit code belies a failure",
    { exitCode: 0, message: failed("Bug") },
    /reported Failed, which its exit/,
  ],
];

describe("An attempt without a readable report", () => {
  test.each(unreadable)("is counted when %s", (_, end, message) => {
    const found = endOfPod(end);
    expect(found).toMatchObject({ outcome: "counted", reason: "NoReport", report: undefined });
    expect(found.message).toMatch(message);
  });

  test("does not show a torn report as if it were a log", () => {
    expect(endOfPod({ exitCode: 70, message: whole.slice(0, 100) }).message).not.toMatch(
      /log ends|schemaVersion/,
    );
  });

  test("says that a retry finds out what a trainer without a word has done", () => {
    expect(endOfPod({ exitCode: 0 }).message).toMatch(/not known: the next attempt finds out/);
  });

  test("has the last lines of its log, or of the log in its termination message", () => {
    const lines = '{"level":"info","message":"extract done"}\n{"level":"error","message":"Cannot read"}\n';
    const pods = [ended({ exitCode: 70, message: "old text" })];
    expect(endOf({ pods, log: lines }).message).toMatch(/Its log ends: extract done \| Cannot read$/);
    expect(endOfPod({ exitCode: 70, message: lines }).message).toMatch(/extract done \| Cannot read$/);
  });

  test("tells exit code and time of a Pod that has gone from what its Job has kept", () => {
    expect(endOf({ job: jobs.exited(75) })).toMatchObject({ exitCode: 75, at: at(101), outcome: "counted" });
    expect(endOf({ job: jobs.exited(77), pods: [running({ gone: true })] })).toMatchObject({
      exitCode: 77,
      outcome: "permanent",
    });
    expect(endOf({ job: jobs.complete, pods: [pod({ gone: true })] })).toMatchObject({
      exitCode: 0,
      reason: "NoReport",
    });
    expect(endOf({ job: jobs.failed })).toMatchObject({
      exitCode: undefined,
      outcome: "counted",
      reason: "NoReport",
    });
  });
});
