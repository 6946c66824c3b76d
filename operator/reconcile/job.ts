import type { V1Job, V1PodFailurePolicy } from "@kubernetes/client-node";

import { ExitCode } from "../../contract/exit-codes.ts";
import { apiVersion } from "../../contract/retrain-run.ts";
import { trainerPod } from "./job/pod.ts";
import { jobName } from "./job-name.ts";
import { Annotation, Label, trainerContainer, trainerLabels } from "./labels.ts";
import type { Resolved } from "./resolved.ts";
import type { RunSeen } from "./seen.ts";
import type { Settings } from "./settings.ts";

/** For Pods that a dying node keeps: the Job's own deadline removes the Pod together with its report. */
const backstopSeconds = 10 * 60;

/** The Job of one attempt. What a run asked for comes from what was frozen, where its Pod is placed from the configuration. */
export function trainerJob(run: RunSeen, resolved: Resolved, attempt: number, settings: Settings): V1Job {
  const { pod } = settings.configuration;
  const labels = { ...trainerLabels, ...labelsOf(run, resolved, attempt) };
  const annotations = { [Annotation.run]: run.name };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      namespace: run.namespace,
      name: jobName(run.uid, attempt),
      labels,
      annotations,
      ownerReferences: [ownerOf(run)],
    },
    spec: {
      backoffLimit: 0, // Whether there is another attempt is decided elsewhere.
      podReplacementPolicy: "Failed",
      podFailurePolicy,
      activeDeadlineSeconds: deadlineOf(resolved),
      template: {
        metadata: {
          labels: { ...pod.labels, ...labels },
          annotations: { ...keepOnNode, ...pod.annotations, ...annotations },
        },
        spec: trainerPod(resolved, pod),
      },
    },
  };
}

const labelsOf = (run: RunSeen, { model }: Resolved, attempt: number) => ({
  [Label.model]: model,
  [Label.runUid]: run.uid,
  [Label.attempt]: String(attempt),
});

/**
 * A run that is deleted in the foreground waits for its Job. Where OwnerReferencesPermissionEnforcement is on, as in OpenShift,
 * whoever writes this must have the right to update retrainruns/finalizers.
 */
const ownerOf = ({ name, uid }: RunSeen) => ({
  apiVersion,
  kind: "RetrainRun",
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

/** So that the class of an end can be read from the Job's Failed condition when the Pod is already gone. */
const podFailurePolicy: V1PodFailurePolicy = {
  rules: [
    { action: "FailJob", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    failsWith([ExitCode.BadData, ExitCode.Permission, ExitCode.BadConfiguration]),
    failsWith([ExitCode.Temporary]),
  ],
};

function failsWith(values: number[]) {
  return { action: "FailJob", onExitCodes: { containerName: trainerContainer, operator: "In", values } };
}

const deadlineOf = ({ job }: Resolved): number =>
  job.activeDeadlineSeconds + job.pendingDeadlineSeconds + backstopSeconds;

/** For the cluster autoscaler: a training of hours is not moved to save a node. */
const keepOnNode = { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" };
