import { createHash, randomUUID } from "node:crypto";

import type { Configuration } from "../../contract/configuration.ts";
import type { RetrainRunStatus } from "../../contract/status.ts";
import { readRun } from "../../operator/loop/read/run.ts";
import { accept } from "../../operator/reconcile/accept.ts";
import { jobName } from "../../operator/reconcile/job-name.ts";
import type { RunSeen } from "../../operator/reconcile/seen.ts";
import { namespace } from "./plane.ts";
import type { NewRun } from "./population.ts";

/** What stands in the status of a run that has published a version. */
export function finishedStatus(created: NewRun, configuration: Configuration): RetrainRunStatus {
  const run = readRun({ ...created, metadata: { ...created.metadata, ...given() } }, configuration);
  if (run === undefined) throw new Error(`This is no RetrainRun: ${JSON.stringify(created)}`);
  const acceptance = accept(run, { configuration, sha256 });
  if ("refusal" in acceptance) throw new Error(acceptance.refusal.message);
  const { resolved } = acceptance;
  const startTime = `${resolved.period ?? "2026-12"}-01T02:00:03Z`;
  const completionTime = `${resolved.period ?? "2026-12"}-01T02:03:41Z`;
  const version = `${resolved.period ?? "2026-12"}-01-020003Z-${run.uid.slice(0, 8)}`;
  const message = `Version ${version} is current: it is 3.2 % better than the champion on the 28 days that neither has seen`;
  return {
    observedGeneration: 1,
    resolved,
    conditions: conditions(message, completionTime),
    verdict: "Published",
    reason: "NewVersion",
    message,
    attempts: [{ job: jobName(run.uid, 1), startedAt: startTime, finishedAt: completionTime, exitCode: 0 }],
    startTime,
    completionTime,
    progress: { stage: "publish", percent: 100 },
    ...results(run),
    version,
  };
}

/** What the API server gives a run; its uid here is not the one that it will have. */
const given = () => ({
  namespace,
  uid: randomUUID(),
  resourceVersion: "1",
  creationTimestamp: new Date().toISOString(),
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function conditions(message: string, lastTransitionTime: string): RetrainRunStatus["conditions"] {
  const common = { lastTransitionTime, observedGeneration: 1 };
  const word = { reason: "Published", message: "NewVersion", ...common };
  return [
    {
      ...common,
      type: "Accepted",
      status: "True",
      reason: "Valid",
      message: "What the run is made of is fixed in status.resolved",
    },
    { ...word, type: "Progressing", status: "False" },
    { ...word, type: "Finished", status: "True", message },
    { ...word, type: "Succeeded", status: "True" },
    { ...word, type: "Published", status: "True" },
  ];
}

/** They differ from run to run, so that no two statuses are the same text. */
function results({ uid }: RunSeen): Pick<RetrainRunStatus, "data" | "metrics"> {
  const part = Number.parseInt(uid.slice(0, 4), 16) / 0xffff;
  return {
    data: { rows: 30_000 + Math.round(part * 9000), stations: 46, dataThrough: "2026-10-31" },
    metrics: {
      mae: (80 + part).toFixed(2),
      championMae: (82 + part).toFixed(2),
      maeDeltaPercent: "-2.4",
      naiveMae: (101 + part).toFixed(2),
      rmse: (155 + part).toFixed(2),
      wapePercent: "15.1",
    },
  };
}
