import type { RetrainRunStatus } from "../../contract/status.ts";
import { Configuration } from "../../contract/configuration.ts";
import { createSidecarMetrics, type SidecarMetrics } from "../../operator/sidecar/metrics/sidecar-metrics.ts";
import { handRuns } from "../operator/sidecar/hand-runs.ts";
import { runSeen } from "../support/seen.ts";

/** What a whole training leaves, with every figure that a status can have. */
const published: RetrainRunStatus = {
  resolved: { input: {}, inputHash: "", image: `trainer@sha256:${"0".repeat(64)}` },
  verdict: "Published",
  version: "v1",
  codeRevision: "0123abc",
  startTime: "2026-12-01T02:00:00Z",
  completionTime: "2026-12-01T02:10:00Z",
  data: {
    rows: 31_567,
    stations: 51,
    dataThrough: "2026-11-30",
    readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
    missing: { bikeCount: "0.012500", weather: "0.000000" },
  },
  metrics: {
    ...{ mae: "80.12", championMae: "90.00", naiveMae: "117.70" },
    ...{ rmse: "153.40", championRmse: "160.00", naiveRmse: "201.50" },
    ...{ wapePercent: "21.3", championWapePercent: "24.0", naiveWapePercent: "31.0" },
  },
  stages: [{ name: "train", seconds: "20.000" }],
  failedChecks: [{ name: "stuckValues", severity: "warning" }],
};

/** Of a month long ago: none of those since has a run. */
const run = runSeen({
  name: "may",
  createdAt: new Date("2020-05-01T00:00:00Z"),
  spec: { period: "2020-05" },
  status: published,
});

/** The sidecar's own metrics, of one model that has been trained and whose next run is due. */
export function metricsInUse(): SidecarMetrics {
  const metrics = createSidecarMetrics({
    runs: handRuns(run),
    configuration: Configuration.parse({
      models: { "bike-traffic": { schedule: "0 2 1 * *", timeZone: "Europe/Paris" } },
    }),
    clock: { now: () => new Date() },
    build: { version: "0.1.0", revision: "0123abc" },
  });
  metrics.onRequest({ route: "/api/runs", method: "GET", code: 200, seconds: 0.02 });
  return metrics;
}
