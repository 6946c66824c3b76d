import { setTimeout } from "node:timers/promises";

import type { V1Container, V1Job, V1PodSpec } from "@kubernetes/client-node";
import { z } from "zod";

import { trainerImage } from "../../hack/images.ts";
import type { TestControlPlane } from "../support/control-plane.ts";

/** A Job of one container, as a namespace that enforces `restricted` admits it, with a claim at /models if one is named. */
export function restrictedJob(name: string, container: Partial<V1Container>, claimName?: string): V1Job {
  const models = claimName === undefined ? [] : [{ name: "models", mountPath: "/models" }];
  const spec: V1PodSpec = {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 5,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      fsGroup: 65532,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "main",
        image: trainerImage,
        imagePullPolicy: "Never",
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }, ...models],
        ...container,
      },
    ],
    volumes: [
      { name: "scratch", emptyDir: {} },
      ...(claimName === undefined ? [] : [{ name: "models", persistentVolumeClaim: { claimName } }]),
    ],
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { backoffLimit: 0, template: { metadata: { labels: { app: name } }, spec } },
  };
}

const Terminated = z.object({ exitCode: z.int(), reason: z.string(), message: z.string().optional() });
const Pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({
        phase: z.string(),
        containerStatuses: z
          .array(z.object({ state: z.object({ terminated: Terminated.optional() }) }))
          .default([]),
      }),
    }),
  ),
});

/** How a container ended. */
export type Ended = z.infer<typeof Terminated> & { readonly pod: string };

/** The end of the Job's first container. */
export async function endOf(plane: TestControlPlane, namespace: string, job: string): Promise<Ended> {
  for (;;) {
    for (const { metadata, status } of await podsOf(plane, namespace, job)) {
      const terminated = status.containerStatuses[0]?.state.terminated;
      if (terminated !== undefined) return { ...terminated, pod: metadata.name };
    }
    await setTimeout(pollMilliseconds);
  }
}

/** The name of the Job's Pod once it runs. */
export async function runningPod(plane: TestControlPlane, namespace: string, job: string): Promise<string> {
  for (;;) {
    const [pod] = await podsOf(plane, namespace, job);
    if (pod?.status.phase === "Running") return pod.metadata.name;
    await setTimeout(pollMilliseconds);
  }
}

const pollMilliseconds = 100;

async function podsOf(plane: TestControlPlane, namespace: string, job: string) {
  const selector = encodeURIComponent(`job-name=${job}`);
  const { object } = await plane.ask(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
  return Pods.parse(object).items;
}
