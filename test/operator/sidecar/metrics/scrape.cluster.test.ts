import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { TerminationMessage } from "../../../../contract/termination-message.ts";
import { createKube } from "../../../../operator/kube/client.ts";
import { loadConnection } from "../../../../operator/kube/connection.ts";
import { createRuns, type Runs } from "../../../../operator/sidecar/runs/runs.ts";
import { Configuration } from "../../../../contract/configuration.ts";
import type { Place } from "../../place.ts";
import { startScene, type Scene } from "../../scene.ts";
import { reportOf } from "../../trainer-report.ts";
import { promtoolComplaints } from "./promtool.ts";
import { aboutModels, metricsOf, scraped } from "./scraped.ts";

const namespace = "scraped";
const stack = new AsyncDisposableStack();
let scene: Scene;
let place: Place;
let watched: Runs;
beforeAll(async () => {
  scene = stack.use(await startScene());
  place = await scene.place(namespace);
  await scene.operator();
  watched = await watchRuns();
}, 120_000);
afterAll(async () => {
  await stack.disposeAsync();
});

/** As a sidecar watches; with each call as a new process would. */
async function watchRuns(): Promise<Runs> {
  const access = await scene.account(namespace, [namespace]);
  const connection = stack.use(await loadConnection({ kind: "explicit", access }));
  const kube = createKube(connection, { random: Math.random });
  const configuration = Configuration.parse({});
  const onNews = (): void => undefined;
  const runs = createRuns({ kube, namespace, configuration, relistSeconds: 600, onNews });
  const end = new AbortController();
  const watching = runs.run(end.signal);
  stack.defer(async () => {
    end.abort();
    await watching;
  });
  await runs.synced;
  return runs;
}

const details: Partial<TerminationMessage> = {
  readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
  missing: { bikeCount: 0.0125, weather: 0 },
  stages: [{ name: "extract", seconds: 1.25 }],
  failedChecks: [{ name: "stuckValues", severity: "warning", value: 3, limit: 2 }],
  codeRevision: "0123abc",
};

async function train(name: string, differs: Partial<TerminationMessage>): Promise<void> {
  const run = await place.create(name);
  const pod = await place.podOf(name);
  await place.kubelet.run(pod);
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run, differs) });
  await place.whenOver(name);
  await place.until(() => Promise.resolve(watched.byName(name)?.status.verdict !== undefined));
}

test("real runs are in the metrics as the API server has them, and promtool has no complaint", async () => {
  const metrics = metricsOf(watched);
  await train("first", details);
  await train("second", {
    ...details,
    verdict: "Rejected",
    reason: "WorseThanChampion",
    message: "It is worse",
  });

  const model = 'model="bike-traffic"';
  const { status } = await place.run("first");
  const text = await metrics.registry.metrics();
  for (const line of [
    `retrain_last_verdict{${model},verdict="Rejected"} 1`,
    `retrain_last_success_timestamp_seconds{${model}} ${String(Date.parse(status.completionTime ?? "") / 1000)}`,
    `retrain_last_stage_duration_seconds{${model},stage="extract"} 1.25`,
    `retrain_data_rows{${model},source="bike_count"} 48163`,
    `retrain_data_missing_ratio{${model},source="bike_count"} 0.0125`,
    `retrain_check_failed{${model},check="stuckValues",severity="warning"} 1`,
    `retrain_mae{${model},role="candidate"} ${String(Number(status.metrics?.mae))}`,
    `retrain_model_info{${model},version="20261201T010000Z-run1",git_sha="0123abc",image_digest=""} 1`,
    'training_started_total{trigger="Manual"} 2',
    `retrain_runs_total{${model},trigger="Manual",verdict="Published"} 1`,
    `retrain_runs_total{${model},trigger="Manual",verdict="Rejected"} 1`,
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(await promtoolComplaints(text)).toBe("");
}, 60_000);

test("after a restart gauges say the same, and counters begin anew", async () => {
  const before = await aboutModels(metricsOf(watched));
  const after = metricsOf(await watchRuns());
  expect(await aboutModels(after)).toEqual(before);
  expect(await scraped(after, "training_started_total")).toContain(
    'training_started_total{trigger="Manual"} 0',
  );
}, 60_000);

test("promtool is asked in earnest", async () => {
  expect(await promtoolComplaints("# TYPE some_total gauge\nsome_total 1\n")).toContain("some_total");
});
