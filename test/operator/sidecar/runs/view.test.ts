import { describe, expect, it } from "@jest/globals";

import type { RetrainRunStatus } from "../../../../contract/status.ts";
import { RunSummary, RunView } from "../../../../operator/sidecar/api/schemas.ts";
import { isActive, phaseOf } from "../../../../operator/sidecar/runs/phase.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSummary, runView } from "../../../../operator/sidecar/runs/view.ts";
import { runSeen } from "../../../support/seen.ts";

type Differs = Partial<WatchedRun>;
const at = "2026-12-01T02:00:00Z";
const run = (differs: Differs): WatchedRun => runSeen({ name: "december", ...differs });

const condition = (type: "Accepted" | "Progressing", status: "True" | "False", reason: string) => ({
  type,
  status,
  reason,
  message: `because of ${reason}`,
  lastTransitionTime: at,
});
const progressing = (status: "True" | "False", reason: string): RetrainRunStatus => ({
  conditions: [condition("Accepted", "True", "Valid"), condition("Progressing", status, reason)],
});
const refused: RetrainRunStatus = {
  conditions: [condition("Accepted", "False", "NotAllowed"), condition("Progressing", "False", "NotAllowed")],
};

describe("where a run stands", () => {
  it.each<[string, Differs, string, boolean]>([
    ["nobody has looked at", {}, "Queued", true],
    ["waits for another", { status: progressing("False", "Queued") }, "Queued", true],
    ["has a Job without a running Pod", { status: progressing("True", "ImagePullBackOff") }, "Pending", true],
    ["is trained", { status: progressing("True", "Running") }, "Running", true],
    ["is told to stop", { status: progressing("True", "Cancelling") }, "Cancelling", true],
    ["waits between two attempts", { status: progressing("False", "BackingOff") }, "Waiting", true],
    ["is not allowed", { status: refused }, "Refused", true],
    ["is held", { spec: { suspend: true } }, "Suspended", false],
    ["was held and goes on", { status: progressing("False", "Suspended") }, "Queued", true],
    [
      "was to be held too late",
      { spec: { suspend: true }, status: { ...progressing("True", "Running"), startTime: at } },
      "Running",
      true,
    ],
    [
      "was to be held when its Job was made",
      { spec: { suspend: true }, startedAs: "decemberxx" },
      "Queued",
      true,
    ],
    ["has a verdict", { status: { verdict: "Skipped" } }, "Finished", false],
    ["is being deleted", { deleting: true }, "Queued", false],
    [
      "has a spec that cannot be read",
      { spec: { reason: "InvalidSpec", message: "no", asked: {} }, status: refused },
      "Refused",
      true,
    ],
  ])("a run that %s", (_, differs, phase, active) => {
    expect([phaseOf(run(differs)), isActive(run(differs))]).toEqual([phase, active]);
  });
});

describe("why it stands there", () => {
  it.each<[string, RetrainRunStatus, string | undefined]>([
    ["nothing before it was looked at", {}, undefined],
    ["the condition before the verdict", progressing("True", "Unschedulable"), "Unschedulable"],
    ["the refusal", refused, "NotAllowed"],
    [
      "the verdict's own",
      { ...progressing("False", "Published"), verdict: "Published", reason: "NewVersion" },
      "NewVersion",
    ],
  ])("%s", (_, status, reason) => {
    expect(runSummary(run({ status })).reason).toBe(reason);
  });
});

describe("what is told of a run", () => {
  it("tells the bare minimum of a new one", () => {
    expect(runSummary(run({}))).toEqual({
      name: "december",
      uid: "decemberxx",
      resourceVersion: "1",
      model: "bike-traffic",
      trigger: "Manual",
      createdAt: at,
      phase: "Queued",
      active: true,
      dryRun: false,
      forced: false,
      cancelRequested: false,
    });
  });

  it("turns the texts of a status into numbers, and leaves out what is none", () => {
    const metrics = { mae: "12.5", naiveMae: "14.2", rmse: "NaN" };
    expect(runSummary(run({ status: { metrics } })).metrics).toEqual({ mae: 12.5, naiveMae: 14.2 });
  });

  it.each<[string, Differs, string | undefined]>([
    ["of forcing it", { spec: { force: { reason: "sensor fixed" } } }, "sensor fixed"],
    ["of a restore", { spec: { restore: { version: "v1", reason: "bad month" } } }, "bad month"],
    ["that was written beside it", { requestReason: "new data" }, "new data"],
    ["none", {}, undefined],
  ])("gives the reason %s", (_, differs, reason) => {
    expect(runSummary(run(differs)).requestReason).toBe(reason);
  });
});

describe("everything that is told of a run", () => {
  it("names the report of what was published", () => {
    const status: RetrainRunStatus = {
      verdict: "Published",
      version: "20261201T020000Z-abc",
      resolved: {
        storage: { claimName: "models", subPath: "bikes" },
        input: {},
        inputHash: "",
      },
    };
    expect(runView(run({ status })).report).toEqual({
      claimName: "models",
      path: "bikes/bike-traffic/versions/20261201T020000Z-abc/report.html",
    });
    expect(runView(run({ status: { ...status, verdict: "Rejected" } })).report).toBeUndefined();
  });

  it.each<[string, Differs]>([
    ["new", {}],
    [
      "under way",
      { status: { ...progressing("True", "Running"), progress: { stage: "search", percent: 3 } } },
    ],
    [
      "finished",
      {
        requestReason: "why not",
        status: {
          verdict: "Failed",
          reason: "NoReport",
          message: "It ended",
          startTime: at,
          completionTime: at,
          attempts: [{ job: "rr-1", startedAt: at, finishedAt: at, exitCode: 1 }],
          data: { rows: 3, stations: 1 },
          metrics: { mae: "1" },
        },
      },
    ],
  ])("fits its schema when it is %s, to the last field", (_, differs) => {
    const [view, summary] = [runView(run(differs)), runSummary(run(differs))];
    expect(RunView.strict().parse(view)).toEqual(view);
    expect(RunSummary.strict().parse(summary)).toEqual(summary);
  });
});
