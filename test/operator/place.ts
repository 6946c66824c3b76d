import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { RetrainRunStatus } from "../../contract/status.ts";
import type { Answer, TestControlPlane } from "../support/control-plane.ts";
import { startKubelet, type Kubelet, type Pod } from "../support/kubelet.ts";

const Run = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({ cancel: z.boolean().optional() }).prefault({}),
  status: RetrainRunStatus.prefault({}),
});
export type Run = z.infer<typeof Run>;
const Job = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string() }),
  spec: z.looseObject({ suspend: z.boolean().optional(), ttlSecondsAfterFinished: z.int().optional() }),
});
export type Job = z.infer<typeof Job>;
const JobList = z.object({ items: z.array(Job) });
const Event = z.looseObject({
  reason: z.string().default(""),
  eventTime: z.string().nullish(),
  regarding: z.looseObject({ name: z.string().default("") }).prefault({}),
});
const EventList = z.object({ items: z.array(Event) });

type Spec = Partial<Record<keyof RetrainRunSpec, unknown>>;

/** A namespace as a test uses it: runs as a user makes them, Jobs and Pods as the control plane has them. */
export interface Place {
  readonly namespace: string;
  readonly kubelet: Kubelet;
  create(name: string, spec?: Spec, metadata?: object): Promise<Run>;
  run(name: string): Promise<Run>;
  /** Waits until the run is so; rejects with how it was last when it takes too long. */
  when(name: string, fits: (run: Run) => boolean): Promise<Run>;
  /** Waits until the condition Progressing has this reason. */
  whenProgressing(name: string, reason: string): Promise<Run>;
  whenOver(name: string): Promise<Run>;
  /** Waits for the Pod of the run's newest attempt, of which `attempt` were made. */
  podOf(name: string, attempts?: number): Promise<Pod>;
  /** Once the run waits for its next attempt: lets the wait be over, unless it is by itself. */
  retryNow(name: string): Promise<void>;
  patchSpec(name: string, spec: Spec): Promise<void>;
  patchStatus(name: string, status: object): Promise<void>;
  remove(plural: "jobs" | "pods" | "retrainruns", name: string): Promise<void>;
  jobs(): Promise<readonly Job[]>;
  /** Reasons of the run's Events, in the order in which they were first told. */
  eventsOf(name: string): Promise<readonly string[]>;
  /** Waits until an Event of the run has this reason: the operator writes them in the background. */
  untilTold(name: string, reason: string): Promise<void>;
  until(isSo: () => Promise<boolean>): Promise<void>;
}

export const openPlace = (plane: TestControlPlane, namespace: string, patienceSeconds = 45): Place =>
  new Namespace(plane, namespace, patienceSeconds * 1000);

const merge = "application/merge-patch+json";
const pollMilliseconds = 40;
const groups = {
  jobs: "/apis/batch/v1",
  pods: "/api/v1",
  retrainruns: "/apis/retrain.velo/v1alpha1",
} as const;

class Namespace implements Place {
  readonly namespace: string;
  readonly kubelet: Kubelet;
  readonly #plane: TestControlPlane;
  readonly #patienceMilliseconds: number;

  constructor(plane: TestControlPlane, namespace: string, patienceMilliseconds: number) {
    this.#plane = plane;
    this.#patienceMilliseconds = patienceMilliseconds;
    this.namespace = namespace;
    this.kubelet = startKubelet(plane, namespace);
  }

  async create(name: string, spec: Spec = {}, metadata: object = {}): Promise<Run> {
    const body = {
      apiVersion: "retrain.velo/v1alpha1",
      kind: "RetrainRun",
      metadata: { name, ...metadata },
      spec,
    };
    return Run.parse((await this.#must(this.#at("retrainruns"), { method: "POST", body })).object);
  }

  async run(name: string): Promise<Run> {
    return Run.parse((await this.#must(this.#at("retrainruns", name))).object);
  }

  async when(name: string, fits: (run: Run) => boolean): Promise<Run> {
    for (let waited = 0; ; waited += pollMilliseconds) {
      const run = await this.run(name);
      if (fits(run)) return run;
      if (waited > this.#patienceMilliseconds) {
        throw new Error(
          `The run is still ${JSON.stringify({ ...run.status, resolved: undefined }, null, 1)}`,
        );
      }
      await setTimeout(pollMilliseconds);
    }
  }

  whenProgressing(name: string, reason: string): Promise<Run> {
    return this.when(name, ({ status }) =>
      (status.conditions ?? []).some(
        (condition) => condition.type === "Progressing" && condition.reason === reason,
      ),
    );
  }

  whenOver(name: string): Promise<Run> {
    return this.when(name, ({ status }) => status.verdict !== undefined);
  }

  async podOf(name: string, attempts = 1): Promise<Pod> {
    const { status } = await this.when(name, (run) => (run.status.attempts ?? []).length === attempts);
    return this.kubelet.podOf(status.attempts?.at(-1)?.job ?? "");
  }

  async retryNow(name: string): Promise<void> {
    const before = (await this.run(name)).status.attempts?.length ?? 0;
    const { status } = await this.when(
      name,
      ({ status: { nextRetryTime, attempts = [], verdict } }) =>
        nextRetryTime !== undefined || attempts.length > before || verdict !== undefined,
    );
    if (status.nextRetryTime === undefined) return;
    await this.patchStatus(name, { nextRetryTime: "2026-01-01T00:00:00Z" });
  }

  async patchSpec(name: string, spec: Spec): Promise<void> {
    await this.#must(this.#at("retrainruns", name), { method: "PATCH", type: merge, body: { spec } });
  }

  async patchStatus(name: string, status: object): Promise<void> {
    const path = `${this.#at("retrainruns", name)}/status`;
    await this.#must(path, { method: "PATCH", type: merge, body: { status } });
  }

  async remove(plural: keyof typeof groups, name: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
    await this.#must(this.#at(plural, name), { method: "DELETE", body });
  }

  async jobs(): Promise<readonly Job[]> {
    return JobList.parse((await this.#must(this.#at("jobs"))).object).items;
  }

  async eventsOf(name: string): Promise<readonly string[]> {
    const path = `/apis/events.k8s.io/v1/namespaces/${this.namespace}/events`;
    const { items } = EventList.parse((await this.#must(path)).object);
    return items
      .filter(({ regarding }) => regarding.name === name)
      .toSorted((one, other) => ((one.eventTime ?? "") < (other.eventTime ?? "") ? -1 : 1))
      .map(({ reason }) => reason);
  }

  untilTold(name: string, reason: string): Promise<void> {
    return this.until(async () => (await this.eventsOf(name)).includes(reason));
  }

  async until(isSo: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; !(await isSo()); waited += pollMilliseconds) {
      if (waited > this.#patienceMilliseconds) throw new Error(`It is not so: ${isSo.toString()}`);
      await setTimeout(pollMilliseconds);
    }
  }

  #at(plural: keyof typeof groups, name?: string): string {
    const all = `${groups[plural]}/namespaces/${this.namespace}/${plural}`;
    return name === undefined ? all : `${all}/${name}`;
  }

  async #must(path: string, options?: Parameters<TestControlPlane["ask"]>[1]): Promise<Answer> {
    const answer = await this.#plane.ask(path, options);
    if (answer.status >= 300) throw new Error(`${options?.method ?? "GET"} ${path}: ${answer.message}`);
    return answer;
  }
}
