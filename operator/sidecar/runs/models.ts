import { resolveSections, type Configuration } from "../../../contract/configuration.ts";
import { given } from "../../../contract/given.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { purposeOf } from "../../reconcile/frozen.ts";
import { inOrder } from "../../reconcile/line/order.ts";
import { timeText } from "../../reconcile/times.ts";
import type { CurrentVersion, ModelView } from "../api/schemas.ts";
import { improvementOf, metricsOf } from "./metrics.ts";
import { isActive } from "./phase.ts";
import type { Runs, WatchedRun } from "./runs.ts";
import { nextRunTime } from "./schedule.ts";
import { runSummary } from "./view.ts";

/** The models of the configuration, then those that are only known from runs; each by name. */
export function modelViews(
  runs: Pick<Runs, "all" | "ofModel">,
  configuration: Configuration,
  now: Date,
): ModelView[] {
  const configured = new Set(Object.keys(configuration.models));
  if (configured.size === 0) configured.add(configuration.model);
  const others = new Set([...runs.all()].map(({ model }) => model).filter((model) => !configured.has(model)));
  return [...[...configured].sort(), ...[...others].sort()].map((model) => ({
    model,
    configured: configured.has(model),
    isDefault: model === configuration.model,
    ...scheduleOf(model, configuration, now),
    ...standing(runs.ofModel(model)),
  }));
}

function scheduleOf(model: string, configuration: Configuration, now: Date) {
  const { schedule, timeZone: own, suspend = false } = configuration.models[model] ?? {};
  if (schedule === undefined) return { suspended: suspend };
  const timeZone = own ?? resolveSections({ model }, configuration).source.timeZone;
  const next = suspend ? undefined : nextRunTime(schedule, timeZone, now);
  return { suspended: suspend, schedule, timeZone, ...given({ nextRunTime: next && timeText(next) }) };
}

function standing(runs: readonly WatchedRun[]) {
  const active = runs.filter(isActive).sort(firstInLine);
  const finished = runs.filter(({ status }) => status.verdict !== undefined).sort(lastToEnd);
  const [first] = active;
  const [last] = finished;
  return {
    ...given({ active: first && runSummary(first), last: last && runSummary(last) }),
    queued: Math.max(active.length - 1, 0),
    ...currentOf(finished),
  };
}

/** The one that has begun, then in the order in which they will. */
const firstInLine = (one: WatchedRun, other: WatchedRun): number =>
  Number(hasJob(other)) - Number(hasJob(one)) || inOrder(one, other);
const hasJob = ({ status }: WatchedRun): boolean =>
  status.attempts?.some(({ finishedAt }) => finishedAt === undefined) ?? false;

const endedAt = ({ status, createdAt }: WatchedRun): number =>
  status.completionTime === undefined ? createdAt.getTime() : Date.parse(status.completionTime);
const lastToEnd = (one: WatchedRun, other: WatchedRun): number => endedAt(other) - endedAt(one);

/** The current version is that of the run which moved it last. `finished` has the newest first. */
export function currentOf(finished: readonly WatchedRun[]): Pick<ModelView, "current" | "hold"> {
  const mover = finished.find(({ status: { verdict, version } }) => moves(verdict) && version !== undefined);
  const version = mover?.status.version;
  if (mover === undefined || version === undefined) return {};
  const restored = mover.status.verdict === Verdict.Restored;
  const origin = finished.find(
    ({ status }) => status.verdict === Verdict.Published && status.version === version,
  );
  return {
    current: {
      version,
      since: timeText(new Date(endedAt(mover))),
      run: mover.name,
      restored,
      ...judgedBy(origin),
    },
    ...given({ hold: restored ? holdOf(mover, version) : undefined }),
  };
}

const moves = (verdict: Verdict | undefined): boolean =>
  verdict === Verdict.Published || verdict === Verdict.Restored;

/** A restored version was judged when it was published; that run may have been removed since. */
function judgedBy(origin: WatchedRun | undefined): Pick<CurrentVersion, "dataThrough" | "metrics"> {
  if (origin === undefined) return {};
  const metrics = metricsOf(origin);
  const { dataThrough } = origin.status.data ?? {};
  return given({ dataThrough, metrics, improvementPercent: improvementOf(metrics) });
}

function holdOf(run: WatchedRun, version: string): ModelView["hold"] {
  const { restore } = purposeOf(run);
  if (restore === undefined || restore.hold === false) return undefined;
  return { run: run.name, version, reason: restore.reason };
}
