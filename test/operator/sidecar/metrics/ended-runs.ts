import type { RetrainRunStatus } from "../../../../contract/status.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSeen, secondsLater } from "../../../support/seen.ts";

export const model = 'model="bike-traffic"';
export const digest = `sha256:${"0".repeat(64)}`;
const resolved = { input: {}, inputHash: "", image: `registry/trainer@${digest}` };

/** What a whole training leaves. */
export const published: RetrainRunStatus = {
  resolved,
  verdict: "Published",
  reason: "NewVersion",
  version: "v1",
  codeRevision: "0123abc",
  startTime: "2026-12-01T02:00:00.000Z",
  completionTime: "2026-12-01T02:10:00.000Z",
  data: {
    rows: 31_567,
    stations: 51,
    dataThrough: "2026-11-30",
    readings: { bikeCount: 48_163, weather: 1043, countersInfo: 51 },
    missing: { bikeCount: "0.012500", weather: "0.000000" },
  },
  metrics: {
    mae: "80.12",
    championMae: "90.00",
    naiveMae: "117.70",
    rmse: "153.40",
    naiveRmse: "201.50",
    wapePercent: "21.3",
    championWapePercent: "24.0",
  },
  stages: [
    { name: "extract", seconds: "1.250" },
    { name: "train", seconds: "20.000" },
  ],
  failedChecks: [{ name: "stuckValues", severity: "warning" }],
};

/** A run that ended so many hours after the others began. */
export const ended = (
  name: string,
  hours: number,
  status: Partial<RetrainRunStatus>,
  differs = {},
): WatchedRun =>
  runSeen({
    name,
    createdAt: secondsLater(hours * 3600),
    status: { resolved, completionTime: secondsLater(hours * 3600 + 600).toISOString(), ...status },
    ...differs,
  });
