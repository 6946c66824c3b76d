import { RetrainRunStatus } from "../../../contract/status.ts";
import { decide } from "../../../operator/reconcile/decide.ts";
import type { Action, Plan, PlannedEvent, StatusChange } from "../../../operator/reconcile/plan.ts";
import type {
  EventSeen,
  JobSeen,
  PodSeen,
  RefusedJob,
  Refusal,
  RunSeen,
  Seen,
} from "../../../operator/reconcile/seen.ts";
import { timeText } from "../../../operator/reconcile/times.ts";
import { beginning, jobSeen, runSeen, secondsLater, settingsOf } from "../seen.ts";
import { runControllers } from "./controllers.ts";
import { isUnfinished, type Objects } from "./objects.ts";

/** What goes wrong while a plan is carried out. */
export type Fault = "crashBefore" | "crashAfterAction" | "statusesLost";

/**
 * The objects of one model as the API server would hold them, and the operator's passes over them. Plans are carried out as `apply` does
 * it. What may never happen throws.
 */
export class SimulatedCluster implements Objects {
  now = beginning;
  settings = settingsOf();
  readonly runs = new Map<string, RunSeen>();
  readonly jobs = new Map<string, JobSeen>();
  readonly pods = new Map<string, PodSeen>();
  events: EventSeen[] = [];
  readonly logs = new Map<string, string>();
  /** The answer to each creation of a Job. */
  refusal: Refusal | undefined;
  /** Names of Jobs that somebody else has, and that are nobody's business. */
  readonly taken = new Set<string>();
  failsSuspended = false;
  /** Until when what was refused is not tidied, by uid. */
  readonly refusedTidying = new Map<string, Date>();
  readonly told: PlannedEvent[] = [];
  readonly done: Action[] = [];
  /** Hears of each status that is written. */
  onStatus: (before: RunSeen, after: RunSeen) => void = () => undefined;
  /** Creations of a Job, refused ones included. */
  tries = 0;
  /** How many runs a test has named. */
  created = 0;
  readonly #refusedJobs = new Map<string, RefusedJob>();
  #version = 1;

  seen(): Seen {
    return {
      namespace: "city",
      model: "bike-traffic",
      runs: [...this.runs.values()],
      jobs: [...this.jobs.values()],
      pods: [...this.pods.values()],
      events: this.events,
      logs: this.logs,
      refusedJobs: new Map(this.#refusedJobs),
      refusedTidying: new Map(this.refusedTidying),
    };
  }

  create(differs: Partial<RunSeen> & { name: string }): void {
    const run = runSeen({ createdAt: this.now, ...differs, resourceVersion: this.#next() });
    this.runs.set(run.uid, run);
  }

  run(name: string): RunSeen {
    const run = [...this.runs.values()].find((each) => each.name === name);
    if (run === undefined) throw new Error(`There is no run ${name}`);
    return run;
  }

  /** Status, reason and message of a condition. */
  word(name: string, type = "Progressing"): string {
    const condition = this.run(name).status.conditions?.find((each) => each.type === type);
    return condition === undefined ? "" : `${condition.status} ${condition.reason}: ${condition.message}`;
  }

  /** How the run ended. */
  end(name: string): string {
    const { verdict = "", reason = "" } = this.run(name).status;
    return `${verdict}/${reason}`;
  }

  /** A change of metadata or spec. */
  edit(run: RunSeen, differs: Partial<RunSeen>): void {
    const generation = differs.spec === undefined ? run.generation : run.generation + 1;
    this.runs.set(run.uid, { ...run, generation, ...differs, resourceVersion: this.#next() });
  }

  /** The operator starts again: it remembers no refusals and no Pods that have gone. */
  restart(): void {
    this.#refusedJobs.clear();
    for (const pod of this.pods.values()) if (pod.gone) this.pods.delete(pod.uid);
  }

  pass(fault?: Fault): Plan {
    const plan = decide(this.seen(), this.settings, this.now);
    if (fault === "crashBefore" || !this.#act(plan.action)) return plan;
    this.done.push(plan.action);
    if (fault === "crashAfterAction") return plan;
    if (fault !== "statusesLost") for (const change of plan.statuses) this.#write(change);
    this.told.push(...plan.events);
    return plan;
  }

  /** Passes until there is nothing more to do now. */
  settle(): Plan {
    for (let passes = 0; passes < 100; passes++) {
      const before = this.#version;
      const plan = this.pass();
      const isQuiet = plan.action.do === "nothing" && plan.statuses.length === 0;
      if (isQuiet && !runControllers(this) && this.#version === before) return plan;
    }
    throw new Error("The passes never come to an end");
  }

  /** Time passes; the operator wakes when it wanted to. */
  wait(seconds: number): void {
    const end = secondsLater(seconds, this.now);
    for (;;) {
      const { wakeAt } = this.settle();
      if (wakeAt === undefined || wakeAt > end) break;
      this.now = wakeAt > this.now ? wakeAt : secondsLater(1, this.now);
    }
    this.now = end;
    this.settle();
  }

  #next(): string {
    return String(++this.#version);
  }

  #act(action: Action): boolean {
    switch (action.do) {
      case "nothing":
        return true;
      case "create-job":
        return this.#createJob(action);
      case "suspend-job":
        return this.#changeJob(action.job, { suspended: true });
      case "expire-job":
        return this.#changeJob(action.job, { ttlSecondsAfterFinished: action.seconds });
      case "delete-job":
        this.jobs.delete(action.job.uid);
        return true;
      case "cancel-run": {
        const { spec } = action.run;
        const cancelled =
          "reason" in spec ? { ...spec, asked: { ...spec.asked, cancel: true } } : { ...spec, cancel: true };
        this.edit(action.run, { spec: cancelled });
        return true;
      }
      case "delete-run":
        this.runs.delete(action.run.uid);
        return true;
      default:
        return action satisfies never;
    }
  }

  #createJob({ run, job }: Extract<Action, { do: "create-job" }>): boolean {
    this.tries++;
    const busy = [...this.jobs.values()].filter(({ finished }) => finished === undefined);
    const pods = [...this.pods.values()].filter(isUnfinished);
    const name = job.metadata?.name ?? "";
    if (busy.length + pods.length > 0) throw new Error("Two trainers of one model");
    const conflict = { reason: "NameConflict", message: `${name} is taken` };
    const refusal = this.taken.has(name) ? conflict : this.refusal;
    const since = { job: name, since: new Date(timeText(this.now)) };
    const refused = run.refused?.job === name ? run.refused : since;
    this.edit(run, { startedAs: run.uid, ...(refusal === undefined ? {} : { refused }) });
    if (refusal !== undefined) {
      this.#refusedJobs.set(run.uid, { ...refusal, at: this.now });
      return false;
    }
    this.#refusedJobs.delete(run.uid);
    const uid = `uid of ${name} ${this.#next()}`;
    this.jobs.set(uid, jobSeen({ name, uid, ownerUid: run.uid, createdAt: this.now }));
    return true;
  }

  #changeJob(job: JobSeen, differs: Partial<JobSeen>): boolean {
    const { uid } = job;
    const known = this.jobs.get(uid);
    if (known !== undefined) this.jobs.set(uid, { ...known, ...differs });
    return known !== undefined;
  }

  #write({ run, status }: StatusChange): void {
    const known = this.runs.get(run.uid);
    if (known === undefined) return;
    const { verdict } = known.status;
    if (verdict !== undefined) throw new Error(`The status of a run that ended ${verdict} is written`);
    const parsed = RetrainRunStatus.parse(JSON.parse(JSON.stringify(status)));
    const after = { ...known, status: parsed, resourceVersion: this.#next() };
    this.runs.set(run.uid, after);
    this.onStatus(known, after);
  }
}
