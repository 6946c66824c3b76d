import { describe, expect, test } from "@jest/globals";

import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSeen } from "../../../support/seen.ts";
import { handRuns } from "../hand-runs.ts";
import { ended, digest, model, published } from "./ended-runs.ts";
import { aboutModels, metricsOf, scraped } from "./scraped.ts";

const valuesOf = async (runs: readonly WatchedRun[], name: string) =>
  scraped(metricsOf(handRuns(...runs)), name);
const secondsOf = (time: string): string => String(Date.parse(time) / 1000);

const afterPublication: [string, string, readonly string[]][] = [
  ["nothing is active", "retrain_run_active", [`{${model}} 0`]],
  [
    "its end is the last success",
    "retrain_last_success_timestamp_seconds",
    [`{${model}} ${secondsOf("2026-12-01T02:10:00Z")}`],
  ],
  ["without a schedule nothing is due", "retrain_next_schedule_timestamp_seconds", []],
  [
    "each stage took what the status says",
    "retrain_last_stage_duration_seconds",
    [`{${model},stage="extract"} 1.25`, `{${model},stage="train"} 20`],
  ],
  [
    "rows are told by source",
    "retrain_data_rows",
    [
      `{${model},source="bike_count"} 48163`,
      `{${model},source="weather"} 1043`,
      `{${model},source="counters_info"} 51`,
      `{${model},source="training"} 31567`,
    ],
  ],
  [
    "what was missing too",
    "retrain_data_missing_ratio",
    [`{${model},source="bike_count"} 0.0125`, `{${model},source="weather"} 0`],
  ],
  ["failed checks are 1", "retrain_check_failed", [`{${model},check="stuckValues",severity="warning"} 1`]],
  [
    "three errors",
    "retrain_mae",
    [`{${model},role="candidate"} 80.12`, `{${model},role="champion"} 90`, `{${model},role="naive"} 117.7`],
  ],
  [
    "an error that nobody told is absent",
    "retrain_rmse",
    [`{${model},role="candidate"} 153.4`, `{${model},role="naive"} 201.5`],
  ],
  [
    "percents are ratios",
    "retrain_wape_ratio",
    [`{${model},role="candidate"} 0.213`, `{${model},role="champion"} 0.24`],
  ],
  [
    "data through is a day's beginning",
    "retrain_model_data_through_timestamp_seconds",
    [`{${model}} ${secondsOf("2026-11-30")}`],
  ],
  [
    "the version has its origin",
    "retrain_model_info",
    [`{${model},version="v1",git_sha="0123abc",image_digest="${digest}"} 1`],
  ],
];

describe("after one publication", () => {
  const runs = [ended("may", 0, published)];

  test.each(afterPublication)("%s: %s", async (_what, name, values) => {
    expect(await valuesOf(runs, name)).toEqual(values.map((value) => `${name}${value}`));
  });

  test("one verdict is 1, all others are 0", async () => {
    const values = await valuesOf(runs, "retrain_last_verdict");
    expect(values.filter((line) => line.endsWith(" 1"))).toEqual([
      `retrain_last_verdict{${model},verdict="Published"} 1`,
    ]);
    expect(values.filter((line) => line.endsWith(" 0"))).toHaveLength(8);
  });
});

describe("models", () => {
  const monthly = { schedule: "0 2 1 * *", timeZone: "Europe/Paris" };

  test("a configured one without any run is there, due as its schedule says", async () => {
    const metrics = metricsOf(handRuns(), { models: { a: monthly, b: { ...monthly, suspend: true } } });
    expect(await scraped(metrics, "retrain_run_active")).toEqual([
      'retrain_run_active{model="a"} 0',
      'retrain_run_active{model="b"} 0',
    ]);
    expect(await scraped(metrics, "retrain_next_schedule_timestamp_seconds")).toEqual([
      `retrain_next_schedule_timestamp_seconds{model="a"} ${secondsOf("2027-01-01T01:00:00Z")}`,
    ]);
    expect(await scraped(metrics, "retrain_last_success_timestamp_seconds")).toEqual([]);
  });

  test("a name that was only asked for makes no series, and a model that the configuration has no more only while it runs", async () => {
    const typo = runSeen({ name: "typo", model: "bike-trafic" });
    const former = ended("old", 0, published, { model: "former" });
    const failed = ended("older", 0, { verdict: "Failed" }, { model: "gone" });
    const last = runSeen({
      name: "last",
      model: "former",
      status: { resolved: { input: {}, inputHash: "" } },
    });
    expect(await valuesOf([typo, former, failed, last], "retrain_run_active")).toEqual([
      `retrain_run_active{${model}} 0`,
      'retrain_run_active{model="former"} 1',
    ]);
    expect(await valuesOf([typo, former, failed], "retrain_run_active")).toEqual([
      `retrain_run_active{${model}} 0`,
    ]);
  });

  test("a run that waits is active, one that is suspended is not", async () => {
    const waiting = runSeen({ name: "a" });
    expect(await valuesOf([waiting], "retrain_run_active")).toEqual([`retrain_run_active{${model}} 1`]);
    expect(await valuesOf([{ ...waiting, spec: { suspend: true } }], "retrain_run_active")).toEqual([
      `retrain_run_active{${model}} 0`,
    ]);
  });

  test("a run whose data were refused waits for better ones until it ends", async () => {
    const status = { aborted: { since: "2026-12-01T02:00:00Z", job: "rr-a-1" } };
    const waiting = runSeen({ name: "a", status });
    const gauge = "retrain_run_waits_for_data";
    expect(await valuesOf([waiting], gauge)).toEqual([`${gauge}{${model}} 1`]);
    expect(await valuesOf([runSeen({ name: "b" })], gauge)).toEqual([`${gauge}{${model}} 0`]);
    expect(await valuesOf([ended("c", 0, { ...published, ...status })], gauge)).toEqual([
      `${gauge}{${model}} 0`,
    ]);
  });
});

test("gauges come from the objects alone: another process says the same, and no run's name is in them", async () => {
  const runs = handRuns(ended("a-run", 0, published));
  const [one, other] = [await aboutModels(metricsOf(runs)), await aboutModels(metricsOf(runs))];
  expect(one).toEqual(other);
  expect(one.length).toBeGreaterThan(50);
  expect(one.join("\n")).not.toContain("a-run");
});

test("a change is in the next scrape, and before the first list nothing is said", async () => {
  const runs = handRuns();
  runs.isSynced = false;
  const metrics = metricsOf(runs);
  expect(await scraped(metrics, "retrain_run_active")).toEqual([]);
  runs.isSynced = true;
  await new Promise(setImmediate);
  expect(await scraped(metrics, "retrain_run_active")).toEqual([`retrain_run_active{${model}} 0`]);
  runs.put(runSeen({ name: "a" }));
  await new Promise(setImmediate);
  expect(await scraped(metrics, "retrain_run_active")).toEqual([`retrain_run_active{${model}} 1`]);
});
