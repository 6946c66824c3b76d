import { KubeError, type KubeObject } from "../../../../operator/kube/api.ts";
import type { StreamParts } from "../../../../operator/sidecar/streams/stream-parts.ts";

/** Stands in for the API server's Pods and logs: a kubelet's faults happen when a test wants them. */
export interface HandPods {
  readonly kube: StreamParts["kube"];
  /** As the API server has the attempt's Pod from now on. */
  set(attempt: number, state: "waiting" | "running" | "terminated"): void;
  remove(attempt: number): void;
  /** One element for each time that the attempt's log is asked for; the last one again and again. */
  logs(attempt: number, ...answers: readonly (() => AsyncIterable<Uint8Array>)[]): void;
  /** How often logs were asked for. */
  readonly asked: number;
}

export function handPods(runUid: string): HandPods {
  const pods = new Map<string, KubeObject>();
  const answers = new Map<string, (() => AsyncIterable<Uint8Array>)[]>();
  const name = (attempt: number | string): string => `pod-${String(attempt)}`;
  let asked = 0;
  return {
    kube: {
      list: (_at, { labelSelector = "" } = {}) => {
        const [uid, attempt] = labelSelector.split(",").map((part) => part.split("=")[1] ?? "");
        const found = uid === runUid ? [...pods.values()] : [];
        const items = found.filter(
          ({ metadata }) => attempt === undefined || metadata.name === name(attempt),
        );
        return Promise.resolve({ resourceVersion: "1", items });
      },
      followLogs: ({ pod }) => {
        asked++;
        const [first, ...more] = answers.get(pod) ?? [];
        if (more.length > 0) answers.set(pod, more);
        return (first ?? gone)();
      },
    },
    set: (attempt, state) => void pods.set(name(attempt), podObject(name(attempt), state)),
    remove: (attempt) => void pods.delete(name(attempt)),
    logs: (attempt, ...given) => void answers.set(name(attempt), [...given]),
    get asked() {
      return asked;
    },
  };
}

const time = "2026-12-01T02:00:00Z";
const states = {
  waiting: { waiting: { reason: "ContainerCreating" } },
  running: { running: { startedAt: time } },
  terminated: { terminated: { exitCode: 0, finishedAt: time } },
};

function podObject(name: string, state: keyof typeof states): KubeObject {
  const where = { namespace: "city", creationTimestamp: time };
  return {
    metadata: { name, uid: `uid of ${name}`, resourceVersion: "1", ...where },
    spec: {},
    status: { phase: "Running", containerStatuses: [{ name: "trainer", state: states[state] }] },
  };
}

const refusal = (status: number): KubeError =>
  new KubeError("Cannot read the log", { status, reason: "Test" });
const gone = () => failing(404);

/** A log of these pieces, whole. */
export async function* text(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(new TextEncoder().encode(piece));
}

/** A log that breaks after these pieces. */
export async function* failing(status: number, ...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  yield* text(...pieces);
  throw refusal(status);
}
