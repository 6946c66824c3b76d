import { expect, test } from "@jest/globals";

import { transitions } from "../../../../operator/sidecar/metrics/transitions.ts";
import { runSeen } from "../../../support/seen.ts";

const name = "may";
const created = runSeen({ name, spec: { trigger: "Api" } });
const startTime = "2026-12-01T02:00:00.000Z";
const started = { ...created, status: { startTime } };
const ended = {
  ...created,
  status: { startTime, completionTime: "2026-12-01T02:12:30.000Z", verdict: "Published" as const },
};
const start = { kind: "started", trigger: "Api" };
const end = { kind: "ended", model: "bike-traffic", trigger: "Api", verdict: "Published", seconds: 750 };
const restoring = { ...started, spec: { restore: { version: "1", reason: "worse" } } };

test.each([
  ["is created", undefined, created, []],
  ["starts", created, started, [start]],
  ["is told again", started, started, []],
  ["ends", started, ended, [end]],
  ["is told after its end", ended, ended, []],
  ["has started and ended between two looks", created, ended, [start, end]],
  ["is seen for the first time after its end", undefined, ended, [start, end]],
  ["is deleted", started, undefined, []],
  ["is a restore and starts", undefined, restoring, []],
  [
    "ends without a start",
    created,
    { ...created, status: { verdict: "Skipped" as const } },
    [{ ...end, verdict: "Skipped", seconds: undefined }],
  ],
  [
    "has a spec that cannot be used",
    undefined,
    { ...started, spec: { reason: "InvalidSpec", message: "", asked: {} } },
    [{ ...start, trigger: "Manual" }],
  ],
])("a run that %s", (_what, before, after, expected) => {
  expect(transitions(before, after)).toEqual(expected);
});
