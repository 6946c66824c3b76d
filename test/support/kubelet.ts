import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import type { TestControlPlane } from "./control-plane.ts";

const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })).min(1) }),
  status: z.looseObject({ phase: z.string() }),
});
export type Pod = z.infer<typeof Pod>;
const PodList = z.object({ items: z.array(Pod) });

export interface ContainerEnd {
  readonly exitCode: number;
  /** The termination message: an object is the trainer's report, text is what the kubelet found instead. */
  readonly message?: object | string;
  /** `Completed` or `Error` unless told otherwise, e.g. `OOMKilled`. */
  readonly reason?: string;
  /** Why the whole Pod failed, e.g. `DeadlineExceeded` or `Evicted`. */
  readonly pod?: { readonly reason: string; readonly message: string };
  /** The control plane's own sign of a drain, an eviction or a preemption. */
  readonly disruption?: { readonly reason: string; readonly message: string };
}

/** Stands in for the kubelet of a control plane without nodes: it writes the status of real Jobs' Pods, as a kubelet would. */
export interface Kubelet {
  /** Waits until the Job controller has made the Job's Pod. */
  podOf(job: string): Promise<Pod>;
  podsOf(job: string): Promise<readonly Pod[]>;
  /** The scheduler's work: from now on a deleted Pod stays, Terminating, until `remove`. */
  bind(pod: Pod): Promise<void>;
  unschedulable(pod: Pod, message: string): Promise<void>;
  /** The container does not start, e.g. `ImagePullBackOff`. */
  waiting(pod: Pod, reason: string, message: string): Promise<void>;
  run(pod: Pod): Promise<void>;
  /** The container ends and with it the Pod; an exit code of 0 makes the Pod Succeeded. */
  end(pod: Pod, end: ContainerEnd): Promise<void>;
  /** The Pod goes, as when its container has ended after SIGTERM. */
  remove(pod: Pod): Promise<void>;
  /** Something that only an Event tells, e.g. FailedMount. */
  tell(pod: Pod, reason: string, message: string): Promise<void>;
}

export function startKubelet(plane: TestControlPlane, namespace: string): Kubelet {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const podsOf = async (job: string): Promise<readonly Pod[]> => {
    const { object } = await plane.ask(`${pods}?labelSelector=batch.kubernetes.io/job-name%3D${job}`);
    return PodList.parse(object).items;
  };
  const write = (pod: Pod, status: object): Promise<void> =>
    must(plane, `${pods}/${pod.metadata.name}/status`, { method: "PATCH", type: merge, body: { status } });
  return {
    podsOf,
    podOf: async (job) => {
      for (;;) {
        const [pod] = await podsOf(job);
        if (pod !== undefined) return pod;
        await setTimeout(pollMilliseconds);
      }
    },
    bind: async (pod) => {
      await ensureNode(plane);
      const target = { apiVersion: "v1", kind: "Node", name: nodeName };
      const body = {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name: pod.metadata.name, namespace },
        target,
      };
      await must(plane, `${pods}/${pod.metadata.name}/binding`, { method: "POST", body });
    },
    unschedulable: (pod, message) => {
      const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
      return write(pod, { phase: "Pending", conditions: [condition] });
    },
    waiting: (pod, reason, message) =>
      write(pod, { phase: "Pending", containerStatuses: [container(pod, { waiting: { reason, message } })] }),
    run: (pod) =>
      write(pod, {
        phase: "Running",
        startTime: time(),
        containerStatuses: [container(pod, { running: { startedAt: time() } })],
      }),
    end: (pod, end) => write(pod, endedStatus(pod, end)),
    remove: async (pod) => {
      const { status, message } = await plane.ask(`${pods}/${pod.metadata.name}`, {
        method: "DELETE",
        body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 },
      });
      // A controller may have taken away a Pod that had ended.
      if (status >= 300 && status !== 404) throw new Error(`The Pod stays: ${String(status)} ${message}`);
    },
    tell: (pod, reason, message) =>
      must(plane, `/api/v1/namespaces/${namespace}/events`, {
        method: "POST",
        body: eventOf(pod, { namespace, reason, message }),
      }),
  };
}

const merge = "application/merge-patch+json";
const pollMilliseconds = 50;
const nodeName = "node-of-nobody";
const time = (): string => new Date().toISOString().replace(/\.\d+Z$/u, "Z");

function container(pod: Pod, state: object): object {
  const name = pod.spec.containers[0]?.name;
  const isRunning = "running" in state;
  return {
    name,
    image: "trainer",
    imageID: "",
    ready: isRunning,
    started: isRunning,
    restartCount: 0,
    state,
  };
}

function endedStatus(pod: Pod, { exitCode, message, reason, pod: why, disruption }: ContainerEnd): object {
  const terminated = {
    exitCode,
    reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
    message: typeof message === "object" ? JSON.stringify(message) : message,
    startedAt: time(),
    finishedAt: time(),
  };
  const conditions =
    disruption === undefined
      ? []
      : [{ type: "DisruptionTarget", status: "True", lastTransitionTime: time(), ...disruption }];
  return {
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    ...why,
    conditions,
    containerStatuses: [container(pod, { terminated })],
  };
}

const eventOf = (
  { metadata: { name, uid } }: Pod,
  { namespace, reason, message }: Readonly<Record<"namespace" | "reason" | "message", string>>,
): object => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { generateName: `${name}.`, namespace },
  involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid },
  type: "Warning",
  reason,
  message,
  count: 1,
  firstTimestamp: time(),
  lastTimestamp: time(),
  source: { component: "kubelet" },
});

async function ensureNode(plane: TestControlPlane): Promise<void> {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: nodeName } };
  const { status, message } = await plane.ask("/api/v1/nodes", { method: "POST", body: node });
  if (status !== 201 && status !== 409) throw new Error(`The API server refuses the node: ${message}`);
}

async function must(
  plane: TestControlPlane,
  path: string,
  options: Parameters<TestControlPlane["ask"]>[1],
): Promise<void> {
  const { status, message } = await plane.ask(path, options);
  if (status >= 300) throw new Error(`${options?.method ?? "GET"} ${path}: ${String(status)} ${message}`);
}
