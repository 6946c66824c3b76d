import type { Configuration } from "../../../contract/configuration.ts";
import { Reason } from "../../../contract/reasons.ts";
import type { RetrainRunStatus } from "../../../contract/status.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { asked } from "../../reconcile/moment.ts";
import type { RunSeen } from "../../reconcile/seen.ts";
import type { ModelView } from "../api/schemas.ts";
import { modelViews } from "../runs/models.ts";
import type { Runs } from "../runs/runs.ts";
import { scheduleFacts, type ScheduleFacts } from "./schedule-facts.ts";

/** What the objects say about one model. */
export interface ModelFacts extends ScheduleFacts {
  readonly view: ModelView;
  /** Its active run has read data that were refused, and reads them again later: for days, perhaps. */
  readonly waitsForData: boolean;
  /** When a run last left the model as good as it can be. */
  readonly lastSuccess: Date | undefined;
  /** When the oldest run that there still is was created. */
  readonly firstRun: Date | undefined;
  /** Status of the run that published the current version, as long as it is there. */
  readonly origin: RetrainRunStatus | undefined;
  /** Of the newest training that tells of each: it may have been refused since. */
  readonly data: RetrainRunStatus["data"];
  readonly metrics: RetrainRunStatus["metrics"];
  readonly stages: RetrainRunStatus["stages"];
  readonly failedChecks: RetrainRunStatus["failedChecks"];
}

/**
 * A pure function of the objects. A model that the configuration does not have is told of while a run of it is under way, and no longer:
 * nobody shall be woken for what was given up. A name that no accepted run has is no model.
 */
export function modelFacts(
  runs: Pick<Runs, "all" | "ofModel">,
  configuration: Configuration,
  now: Date,
): readonly ModelFacts[] {
  return modelViews(runs, configuration, now)
    .map((view) => factsOf(view, runs.ofModel(view.model), now))
    .filter((facts) => facts !== undefined);
}

function factsOf(view: ModelView, runs: readonly RunSeen[], now: Date): ModelFacts | undefined {
  if (!view.configured && !isUnderWay(view, runs)) return undefined;
  const ended = runs.filter(({ status }) => status.verdict !== undefined).toSorted(lastToEnd);
  const version = view.current?.version;
  // A restore reads no data and trains nothing; its report says so by empty lists.
  const trainings = ended.filter((run) => asked(run).restore === undefined).map(({ status }) => status);
  return {
    ...scheduleFacts(view, runs, now),
    view,
    waitsForData: runs.some(({ name, status }) => name === view.active?.name && status.aborted !== undefined),
    lastSuccess: endOf(ended.find(hasSucceeded)),
    firstRun: runs.at(-1)?.createdAt,
    origin: trainings.find((status) => status.verdict === Verdict.Published && status.version === version),
    data: trainings.find(({ data }) => data !== undefined)?.data,
    metrics: trainings.find(({ metrics }) => metrics !== undefined)?.metrics,
    stages: trainings.find(({ stages }) => stages !== undefined)?.stages,
    failedChecks: trainings.find(({ failedChecks }) => failedChecks !== undefined)?.failedChecks,
  };
}

const isUnderWay = ({ active }: ModelView, runs: readonly RunSeen[]): boolean =>
  active !== undefined && runs.some(({ status }) => status.resolved !== undefined);

const endOf = (run: RunSeen | undefined): Date | undefined =>
  run === undefined ? undefined : new Date(run.status.completionTime ?? run.createdAt);
const lastToEnd = (one: RunSeen, other: RunSeen): number => Number(endOf(other)) - Number(endOf(one));

/** The newest version is current, or there was nothing to make one of; AlreadyDone and dry runs say nothing about it. */
function hasSucceeded({ status: { verdict, reason } }: RunSeen): boolean {
  if (verdict === Verdict.Skipped) return reason === Reason.NoNewData;
  return verdict === Verdict.Published || verdict === Verdict.Restored;
}
