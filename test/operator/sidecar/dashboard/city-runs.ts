import type { RetrainRunStatus } from "../../../../contract/status.ts";
import type { WatchedRun } from "../../../../operator/sidecar/runs/runs.ts";
import { runSeen } from "../../../support/seen.ts";

const hour = 3_600_000;
const ago = (hours: number): Date => new Date(Date.now() - hours * hour);
const text = (time: Date): string => time.toISOString().replace(/\.\d+Z$/u, "Z");

type Differs = Partial<WatchedRun>;

/** A run that ended so many hours ago, after ten minutes. */
export function ended(
  name: string,
  hours: number,
  status: RetrainRunStatus,
  differs: Differs = {},
): WatchedRun {
  const [createdAt, completionTime] = [ago(hours + 0.2), text(ago(hours))];
  const startTime = text(ago(hours + 0.17));
  return runSeen({ name, createdAt, status: { startTime, completionTime, ...status }, ...differs });
}

const storage = { claimName: "retrain-models", subPath: "" };

export const published = (name: string, hours: number, differs: Differs = {}): WatchedRun =>
  ended(
    name,
    hours,
    {
      verdict: "Published",
      reason: "NewVersion",
      message: "Version 20261101T020412Z-1a2b3c4d is current: MAE 80.1, 11.0 % below the version before",
      version: "20261101T020412Z-1a2b3c4d",
      resolved: { input: {}, inputHash: "", storage },
      data: { rows: 35_012, stations: 46, dataThrough: "2026-10-31" },
      metrics: { mae: "80.13", championMae: "90.00", maeDeltaPercent: "-11.0", naiveMae: "100.50" },
      attempts: [
        { job: "rr-1a2b3c4d5e-1", startedAt: "2026-11-01T02:00:04Z", exitCode: 0, reason: "NewVersion" },
      ],
    },
    { spec: { trigger: "Schedule", period: "2026-10" }, ...differs },
  );

export const rejected = (name: string, hours: number): WatchedRun =>
  ended(
    name,
    hours,
    {
      verdict: "Rejected",
      reason: "WorseThanChampion",
      message:
        "The candidate's MAE of 91.3 is 8.4 % above the current version's 84.2 on the 28 days since it was trained; at most 5 % is allowed",
      metrics: { mae: "91.30", championMae: "84.20", maeDeltaPercent: "8.4", naiveMae: "100.50" },
    },
    {
      spec: { trigger: "Api", requestedBy: "system:serviceaccount:ops:anna" },
      requestReason: "new counters",
    },
  );

export const failed = (name: string, hours: number): WatchedRun =>
  ended(name, hours, {
    verdict: "Failed",
    reason: "OOMKilled",
    message: "The trainer used more memory than 512Mi: raise job.resources.limits.memory",
  });

/** A run that trains since a minute and is at this stage. */
export const running = (
  name: string,
  progress?: RetrainRunStatus["progress"],
  differs: Differs = {},
): WatchedRun =>
  runSeen({
    name,
    createdAt: ago(0.03),
    resourceVersion: `${progress?.stage ?? "none"}-${String(progress?.percent)}`,
    spec: { trigger: "Api", requestedBy: "system:serviceaccount:ops:anna" },
    requestReason: "counter 12 was repaired",
    status: {
      startTime: text(ago(0.02)),
      conditions: [progressing("Running")],
      ...(progress === undefined ? {} : { progress }),
    },
    ...differs,
  });

const progressing = (reason: string) => ({
  type: "Progressing" as const,
  status: "True" as const,
  reason,
  message: "The trainer runs",
  lastTransitionTime: text(ago(0.02)),
});
