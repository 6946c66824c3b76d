import { given } from "../../../contract/given.ts";
import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { purposeOf } from "../../reconcile/frozen.ts";
import { asked } from "../../reconcile/moment.ts";
import type { RunSeen } from "../../reconcile/seen.ts";
import { timeText } from "../../reconcile/times.ts";
import { Data, type RunSummary, type RunView } from "../api/schemas.ts";
import { metricsOf } from "./metrics.ts";
import { isActive, phaseOf, whyOf } from "./phase.ts";
import type { WatchedRun } from "./runs.ts";

/** Everything that is told about one run. */
export function runView(run: WatchedRun): RunView {
  const { attempts = [], nextRetryTime } = run.status;
  const { force, restore } = purposeOf(run);
  return {
    ...runSummary(run),
    attempts: attempts.map((attempt) => given(attempt)),
    ...given({ nextRetryTime, force, restore, report: reportOf(run) }),
    suspend: asked(run).suspend === true,
    links: linksOf(run),
  };
}

/** A run as lists have it. */
export function runSummary(run: WatchedRun): RunSummary {
  const { startTime, completionTime, verdict, progress, data, version } = run.status;
  const { reason, message } = whyOf(run);
  return {
    ...identityOf(run),
    ...purpose(run),
    phase: phaseOf(run),
    active: isActive(run),
    cancelRequested: asked(run).cancel === true,
    ...given({ startTime, completionTime, verdict, reason, message, version }),
    ...given({
      progress: progress && given(progress),
      data: data && Data.parse(data),
      metrics: metricsOf(run),
    }),
  };
}

function identityOf(run: WatchedRun) {
  const { name, uid, resourceVersion, model, createdAt } = run;
  const { period, trigger = "Manual", requestedBy } = specOf(run);
  return {
    ...{ name, uid, resourceVersion, model, trigger, createdAt: timeText(createdAt) },
    ...given({ period: run.status.resolved?.period ?? period, requestedBy }),
  };
}

function purpose(run: WatchedRun) {
  const { dryRun = false, force, restore } = purposeOf(run);
  const requestReason = restore?.reason ?? force?.reason ?? run.requestReason;
  return { dryRun, forced: force !== undefined, ...given({ restores: restore?.version, requestReason }) };
}

const specOf = ({ spec }: RunSeen): RetrainRunSpec => ("reason" in spec ? {} : spec);

/** Of the version that the run made; other runs leave theirs where only the volume tells. */
function reportOf({ model, status }: RunSeen): RunView["report"] {
  const { verdict, version, resolved } = status;
  if (verdict !== Verdict.Published || version === undefined || resolved?.storage === undefined) {
    return undefined;
  }
  const { claimName, subPath } = resolved.storage;
  const path = [subPath, model, "versions", version, "report.html"].filter((part) => part !== "").join("/");
  return { claimName, path };
}

export const linkTo = ({ name }: Pick<RunSeen, "name">): string => `/api/runs/${encodeURIComponent(name)}`;

function linksOf(run: RunSeen): RunView["links"] {
  const self = linkTo(run);
  return { self, events: `${self}/events`, logs: `${self}/logs`, cancel: `${self}/cancel` };
}
