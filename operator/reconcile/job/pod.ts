import type {
  V1Container,
  V1PodSecurityContext,
  V1PodSpec,
  V1ResourceRequirements,
} from "@kubernetes/client-node";

import type { PodOptions } from "../../../contract/configuration.ts";
import { given } from "../../../contract/given.ts";
import { trainerContainer } from "../labels.ts";
import type { Resolved } from "../resolved.ts";
import { trainerEnv } from "./env.ts";
import { mountsOf, volumesOf } from "./volumes.ts";

/** The Pod of an attempt: as a namespace of the `restricted` Pod Security standard demands it. */
export function trainerPod(resolved: Resolved, options: PodOptions): V1PodSpec {
  return {
    restartPolicy: "Never",
    activeDeadlineSeconds: resolved.job.activeDeadlineSeconds,
    terminationGracePeriodSeconds: options.terminationGracePeriodSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false, // Else each Service of the namespace is a handful of variables.
    securityContext: securityOf(options),
    containers: [containerOf(resolved, options)],
    volumes: volumesOf(resolved, options),
    ...placementOf(options),
  };
}

/** Only what is configured: the API server drops empty lists, and leaves the rest to admission. */
function placementOf(options: PodOptions): Partial<V1PodSpec> {
  const { nodeSelector, tolerations, imagePullSecrets, affinity } = options;
  const { priorityClassName, runtimeClassName, serviceAccountName } = options;
  return {
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...given({ affinity, priorityClassName, runtimeClassName, serviceAccountName }),
  };
}

/** A user or group of null is the platform's to choose, as OpenShift does. */
function securityOf({ runAsUser, fsGroup }: PodOptions): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
    ...(runAsUser === null ? {} : { runAsUser, runAsGroup: runAsUser }),
    // OnRootMismatch: a volume of many versions is not walked at each start.
    ...(fsGroup === null ? {} : { fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
  };
}

function containerOf(resolved: Resolved, options: PodOptions): V1Container {
  const { imagePullPolicy } = options;
  return {
    name: trainerContainer,
    image: resolved.image,
    ...given({ imagePullPolicy }),
    env: trainerEnv(resolved, options),
    resources: resourcesOf(resolved),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: mountsOf(resolved, options),
  };
}

function resourcesOf({ input, job: { resources } }: Resolved): V1ResourceRequirements {
  if (input.restore !== undefined) return restoreResources;
  return { requests: given(resources.requests), limits: given(resources.limits) };
}

/** A restore copies nothing and trains nothing: with its report's page it took 216 MiB. */
const restoreResources = { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "512Mi" } };
