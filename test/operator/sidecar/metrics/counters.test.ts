import { expect, test } from "@jest/globals";

import type { Route } from "../../../../operator/sidecar/http/route.ts";
import { runSeen } from "../../../support/seen.ts";
import { handRuns } from "../hand-runs.ts";
import { metricsOf, scraped } from "./scraped.ts";

const valueOf = async (
  ...[metrics, name, labels]: [...Parameters<typeof scraped>, string]
): Promise<number> => {
  const line = (await scraped(metrics, name)).find((each) => each.startsWith(`${name}${labels} `));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
};

const run = runSeen({ name: "may", spec: { trigger: "Api" } });
const startTime = "2026-12-01T02:00:00.000Z";
const ended = { startTime, completionTime: "2026-12-01T02:01:30.000Z", verdict: "Published" as const };

test("every known label set starts at 0, none is missing", async () => {
  const metrics = metricsOf(handRuns(), { models: { a: {}, b: {} } });
  expect(await scraped(metrics, "retrain_runs_total")).toHaveLength(2 * 3 * 9);
  expect(await scraped(metrics, "training_started_total")).toEqual(
    ["Schedule", "Api", "Manual"].map((trigger) => `training_started_total{trigger="${trigger}"} 0`),
  );
  expect(await valueOf(metrics, "retrain_run_duration_seconds", "_count")).toBe(0);
});

test("what the first list shows was there before; what changes then is counted once", async () => {
  const runs = handRuns();
  runs.isSynced = false;
  const metrics = metricsOf(runs);
  const count = () =>
    Promise.all([
      valueOf(metrics, "training_started_total", '{trigger="Api"}'),
      valueOf(metrics, "retrain_runs_total", '{model="bike-traffic",trigger="Api",verdict="Published"}'),
      valueOf(metrics, "retrain_run_duration_seconds", '_bucket{le="120"}'),
    ]);
  runs.put({ ...run, uid: "before", status: ended });
  runs.isSynced = true;
  expect(await count()).toEqual([0, 0, 0]);
  runs.put(run);
  runs.put({ ...run, status: { startTime } });
  expect(await count()).toEqual([1, 0, 0]);
  runs.put({ ...run, status: ended });
  runs.put({ ...run, status: ended, resourceVersion: "9" });
  expect(await count()).toEqual([1, 1, 1]);
  expect(await valueOf(metrics, "retrain_run_duration_seconds", '_bucket{le="60"}')).toBe(0);
});

const describe = { summary: "", responses: { 200: { description: "" }, 404: { description: "" } } };
const stream = {
  summary: "",
  responses: { 200: { description: "", content: "text/event-stream" as const } },
};
const routes: readonly Pick<Route, "method" | "path" | "describe">[] = [
  { method: "get", path: "/api/runs", describe },
  { method: "get", path: "/api/runs/:name/events", describe: stream },
];

test("requests are counted by route, and only answers that end by themselves are timed", async () => {
  const metrics = metricsOf(handRuns(), {}, routes);
  const labels = 'route="/api/runs",method="GET"';
  expect(await valueOf(metrics, "retrain_http_requests_total", `{${labels},code="404"}`)).toBe(0);
  metrics.onRequest({ route: "/api/runs", method: "GET", code: 200, seconds: 0.02 });
  metrics.onRequest({ route: "/api/runs/:name/events", method: "GET", code: 200, seconds: 900 });
  expect(await valueOf(metrics, "retrain_http_requests_total", `{${labels},code="200"}`)).toBe(1);
  const streamed = '{route="/api/runs/:name/events",method="GET",code="200"}';
  expect(await valueOf(metrics, "retrain_http_requests_total", streamed)).toBe(1);
  const timed = await scraped(metrics, "retrain_http_request_duration_seconds");
  expect(timed.filter((line) => line.includes("_count"))).toEqual([
    `retrain_http_request_duration_seconds_count{${labels}} 1`,
  ]);
});
