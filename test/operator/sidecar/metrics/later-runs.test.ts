import { expect, test } from "@jest/globals";

import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { secondsLater } from "../../../support/seen.ts";
import { handRuns } from "../hand-runs.ts";
import { ended, published } from "./ended-runs.ts";
import { metricsOf, scraped } from "./scraped.ts";

const valuesOf = async (runs: readonly WatchedRun[], name: string) =>
  scraped(metricsOf(handRuns(...runs)), name);
const secondsOf = (time: string): string => String(Date.parse(time) / 1000);

const first = ended("may", 0, published);
const last = async (runs: readonly WatchedRun[], name: string) => (await valuesOf(runs, name)).join("\n");

test("a rejection tells of its candidate, and of the version that stays", async () => {
  const rejected = ended("june", 24, {
    verdict: "Rejected",
    data: { rows: 1, stations: 1, dataThrough: "2026-12-31" },
    metrics: { mae: "99.00", championMae: "80.12", naiveMae: "117.70" },
  });
  const runs = [first, rejected];
  expect(await last(runs, "retrain_mae")).toContain('role="candidate"} 99');
  expect(await last(runs, "retrain_last_verdict")).toContain('verdict="Rejected"} 1');
  expect(await last(runs, "retrain_last_success_timestamp_seconds")).toContain(
    secondsOf("2026-12-01T02:10:00Z"),
  );
  expect(await last(runs, "retrain_model_data_through_timestamp_seconds")).toContain(secondsOf("2026-11-30"));
});

test("a restore moves the version back and changes nothing that a training said", async () => {
  const second = ended("june", 24, {
    ...published,
    version: "v2",
    codeRevision: "new",
    data: { rows: 5, stations: 5, dataThrough: "2026-12-31" },
    completionTime: secondsLater(90_000).toISOString(),
  });
  const restore = ended(
    "back",
    48,
    { verdict: "Restored", version: "v1", stages: [], failedChecks: [] },
    { spec: { restore: { version: "v1", reason: "worse" } } },
  );
  const runs = [first, second, restore];
  expect(await last(runs, "retrain_model_info")).toContain('version="v1",git_sha="0123abc"');
  expect(await last(runs, "retrain_model_data_through_timestamp_seconds")).toContain(secondsOf("2026-11-30"));
  expect(await last(runs, "retrain_check_failed")).toContain("stuckValues");
  expect(await last(runs, "retrain_last_stage_duration_seconds")).toContain("extract");
  expect(await last(runs, "retrain_last_success_timestamp_seconds")).toContain(
    String(secondsLater(48 * 3600 + 600).getTime() / 1000),
  );
});

test.each([
  ["Skipped", "NoNewData", true],
  ["Skipped", "AlreadyDone", false],
  ["DryRun", "DryRunRequested", false],
  ["Failed", "NoReport", false],
  ["Aborted", "StaleData", false],
] as const)("%s/%s is a success: %s", async (verdict, reason, isSuccess) => {
  const runs = [first, ended("june", 24, { verdict, reason })];
  const time = isSuccess ? secondsLater(87_000).toISOString() : "2026-12-01T02:10:00Z";
  expect(await last(runs, "retrain_last_success_timestamp_seconds")).toContain(secondsOf(time));
});

test("a version whose run was removed has no origin", async () => {
  const restore = ended(
    "back",
    48,
    { verdict: "Restored", version: "v0" },
    { spec: { restore: { version: "v0", reason: "" } } },
  );
  expect(await last([restore], "retrain_model_info")).toContain('version="v0",git_sha="",image_digest=""} 1');
  expect(await last([restore], "retrain_model_data_through_timestamp_seconds")).toBe("");
});

test("a version that is no longer current has no series any more", async () => {
  const runs = handRuns(first);
  const metrics = metricsOf(runs);
  expect(await scraped(metrics, "retrain_model_info")).toHaveLength(1);
  runs.put(
    ended("june", 24, { ...published, version: "v2", completionTime: secondsLater(90_000).toISOString() }),
  );
  await new Promise(setImmediate);
  expect((await scraped(metrics, "retrain_model_info")).join()).toMatch(/^[^,]*,version="v2",[^ ]* 1$/u);
});
