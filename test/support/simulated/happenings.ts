import fc from "fast-check";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import type { JobSeen, PodSeen, RunSeen } from "../../../operator/reconcile/seen.ts";
import { reportOf, secondsLater, settingsOf } from "../seen.ts";
import type { Fault, SimulatedCluster } from "./cluster.ts";
import { deletePod, runControllers } from "./controllers.ts";
import { endPod, runPod, waitPod, type End } from "./kubelet.ts";
import { isUnfinished } from "./objects.ts";

/** Something that users, the cluster, time or a fault do. */
export type Happening =
  | { readonly what: "create"; readonly spec: keyof typeof specs }
  | { readonly what: "user"; readonly does: keyof typeof edits; readonly which: number }
  | { readonly what: "pod"; readonly gets: keyof typeof podChanges; readonly which: number }
  | { readonly what: "job"; readonly gets: keyof typeof jobChanges; readonly which: number }
  | { readonly what: "cluster"; readonly does: keyof typeof clusterChanges }
  | { readonly what: "fault"; readonly fault: Fault }
  /** The operator wakes when it wanted to, or only so many seconds later. */
  | { readonly what: "time"; readonly seconds: number };

/** Whether the operator gets to the end of what there is to do before the next one. */
export type Step = Happening & { readonly isSettled: boolean };

const restore = { version: "v1", reason: "it was better" };
const scheduled = { trigger: "Schedule", period: "2026-12" } as const;
const specs = {
  plain: {},
  scheduled,
  forced: { ...scheduled, force: { reason: "now" } },
  dry: { ...scheduled, dryRun: true },
  restore: { restore },
  urgent: { restore: { ...restore, preempt: true } },
  tried: { restore: { ...restore, preempt: true }, dryRun: true },
  suspended: { suspend: true },
  unknownModel: { model: "typo" },
  impatient: { job: { pendingDeadlineSeconds: 10, retries: 0 } },
} as const satisfies Record<string, RetrainRunSpec>;

type Edit = (cluster: SimulatedCluster, run: RunSeen) => void;
const change =
  (differs: RetrainRunSpec): Edit =>
  (cluster, run) => {
    if (!("reason" in run.spec)) cluster.edit(run, { spec: { ...run.spec, ...differs } });
  };
const edits = {
  cancels: change({ cancel: true }),
  suspends: change({ suspend: true }),
  resumes: change({ suspend: false }),
  shortens: (cluster, run) => {
    if (run.status.startTime === undefined) change({ job: { retries: 1 } })(cluster, run);
  },
  deletes: (cluster, run) => {
    cluster.edit(run, { deleting: true });
  },
  restoresFromBackup: (cluster, run) => {
    const name = `${run.name}-copy`;
    const { conditions, ...status } = run.status;
    if (run.startedAs !== undefined) cluster.create({ name, spec: run.spec, startedAs: run.uid, status });
  },
} as const satisfies Record<string, Edit>;

type PodChange = (cluster: SimulatedCluster, pod: PodSeen) => void;
const ends =
  (end: End): PodChange =>
  (cluster, pod) => {
    endPod(cluster, pod, end);
  };
const reports =
  (differs: Parameters<typeof reportOf>[1], exitCode = 0): PodChange =>
  (cluster, pod) => {
    const run = [...cluster.runs.values()].find(({ uid }) => pod.name.startsWith(`rr-${uid}-`));
    endPod(cluster, pod, { exitCode, report: reportOf(run?.name ?? "nobody", differs) });
  };
export const podChanges = {
  runs: runPod,
  waits: (cluster, pod) => {
    waitPod(cluster, pod, "ImagePullBackOff");
  },
  publishes: reports({}),
  rejects: reports({ verdict: "Rejected", reason: "Worse" }),
  aborts: reports({ verdict: "Aborted", reason: "TooOld" }),
  skips: reports({ verdict: "Skipped", reason: "NoNewData" }),
  isLocked: reports({ verdict: "Failed", reason: "ModelLocked" }, 75),
  isMisconfigured: reports({ verdict: "Failed", reason: "BadConfiguration" }, 78),
  stops: reports({ verdict: "Cancelled", reason: "Terminated" }, 143),
  fails: ends({ exitCode: 70, message: "at line 7" }),
  isKilled: ends({ exitCode: 137, reason: "OOMKilled" }),
  isDrained: ends({ exitCode: 143, isDisrupted: true }),
  saysNothing: ends({ exitCode: 0, message: "" }),
  isDeleted: deletePod,
  isForcedAway: ({ pods }, pod) => {
    pods.set(pod.uid, { ...pod, deletingAt: pod.deletingAt ?? pod.createdAt, gone: true });
  },
} as const satisfies Record<string, PodChange>;

type JobChange = (cluster: SimulatedCluster, job: JobSeen) => void;
const suspends =
  (suspended: boolean): JobChange =>
  ({ jobs }, job) => {
    if (job.finished === undefined) jobs.set(job.uid, { ...job, suspended });
  };
const jobChanges = {
  isDeleted: ({ jobs }, { uid }) => {
    jobs.delete(uid);
  },
  isSuspended: suspends(true),
  isResumed: suspends(false),
} as const satisfies Record<string, JobChange>;

const clusterChanges = {
  controls: runControllers,
  restarts: (cluster: SimulatedCluster) => {
    cluster.restart();
  },
  isFull: (cluster: SimulatedCluster) => {
    cluster.refusal = { reason: "QuotaExceeded", message: "exceeded quota" };
  },
  hasSpace: (cluster: SimulatedCluster) => {
    cluster.refusal = undefined;
  },
  isConfigured: (cluster: SimulatedCluster) => {
    cluster.settings = settingsOf({ defaults: { job: { retries: 1 } } });
  },
  failsSuspended: (cluster: SimulatedCluster) => {
    cluster.failsSuspended = !cluster.failsSuspended;
  },
  takesNames: (cluster: SimulatedCluster) => {
    for (const { uid } of cluster.runs.values()) cluster.taken.add(`rr-${uid.slice(0, 10)}-1`);
  },
} as const;

const mostRuns = 6;

export function happen(cluster: SimulatedCluster, happening: Happening): void {
  switch (happening.what) {
    case "create":
      createRun(cluster, specs[happening.spec]);
      return;
    case "user":
      applyTo(cluster, [...cluster.runs.values()], edits[happening.does], happening.which);
      return;
    case "pod":
      applyTo(
        cluster,
        [...cluster.pods.values()].filter(isUnfinished),
        podChanges[happening.gets],
        happening.which,
      );
      return;
    case "job":
      applyTo(cluster, [...cluster.jobs.values()], jobChanges[happening.gets], happening.which);
      return;
    case "cluster":
      clusterChanges[happening.does](cluster);
      return;
    case "fault":
      cluster.pass(happening.fault);
      return;
    case "time":
      pass(cluster, happening.seconds);
      return;
    default:
      happening satisfies never;
  }
}

function createRun(cluster: SimulatedCluster, spec: RetrainRunSpec): void {
  if (cluster.runs.size < mostRuns) cluster.create({ name: `run${String(cluster.created++)}`, spec });
}

function applyTo<T>(
  cluster: SimulatedCluster,
  all: readonly T[],
  differs: (cluster: SimulatedCluster, one: T) => void,
  which: number,
): void {
  const one = all[which % Math.max(all.length, 1)];
  if (one !== undefined) differs(cluster, one);
}

function pass(cluster: SimulatedCluster, seconds: number): void {
  const { wakeAt } = cluster.pass("crashBefore");
  const isDue = seconds === 0 && wakeAt !== undefined && wakeAt > cluster.now;
  cluster.now = isDue ? wakeAt : secondsLater(seconds, cluster.now);
}

const keyOf = <T extends object>(table: T): fc.Arbitrary<keyof T> =>
  fc.constantFrom(...(Object.keys(table) as (keyof T)[]));
const which = fc.nat(5);
const of = <T extends string>(what: T) => fc.constant(what);
const faults = fc.constantFrom<Fault>("crashBefore", "crashAfterAction", "statusesLost");
const seconds = fc.constantFrom(0, 0, 0, 1, 20, 700, 90_000);

/** Attempts that end and time that passes are frequent, faults less so. */
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: of("create"), spec: keyOf(specs) }) },
  { weight: 2, arbitrary: fc.record({ what: of("user"), does: keyOf(edits), which }) },
  { weight: 9, arbitrary: fc.record({ what: of("pod"), gets: keyOf(podChanges), which }) },
  { weight: 1, arbitrary: fc.record({ what: of("job"), gets: keyOf(jobChanges), which }) },
  { weight: 2, arbitrary: fc.record({ what: of("cluster"), does: keyOf(clusterChanges) }) },
  { weight: 2, arbitrary: fc.record({ what: of("fault"), fault: faults }) },
  { weight: 6, arbitrary: fc.record({ what: of("time"), seconds }) },
);

const settled = fc.constantFrom(true, true, true, false);
const step = fc.tuple(happening, settled).map(([what, isSettled]): Step => ({ ...what, isSettled }));
export const steps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 20, maxLength: 80, size: "max" });
