import { describe, expect, test } from "@jest/globals";

import { canonicalJson } from "../../../operator/reconcile/canonical-json.ts";
import { trainerJob } from "../../../operator/reconcile/job.ts";
import { readResolved } from "../../../operator/reconcile/resolved.ts";
import { jobOf, podOf, resolvedOf, trainerOf, type Spec } from "./job-of.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

describe("the Job", () => {
  test("is found by its labels and goes with its run", () => {
    const { metadata } = jobOf({}, { labels: { team: "bikes" } }, 3);
    expect(metadata).toEqual({
      namespace: "velo",
      name: "rr-0f6e1a52-7-3",
      labels: {
        "app.kubernetes.io/name": "retrain-trainer",
        "app.kubernetes.io/component": "trainer",
        "app.kubernetes.io/part-of": "retrain-operator",
        "app.kubernetes.io/managed-by": "retrain-operator",
        "retrain.velo/model": "bike-traffic",
        "retrain.velo/run-uid": "0f6e1a52-7c1b-4a43-9a50-1f2f6b0d7e11",
        "retrain.velo/attempt": "3",
      },
      annotations: { "retrain.velo/run": "monthly" },
      ownerReferences: [
        {
          apiVersion: "retrain.velo/v1alpha1",
          kind: "RetrainRun",
          name: "monthly",
          uid: "0f6e1a52-7c1b-4a43-9a50-1f2f6b0d7e11",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  });

  test("makes one Pod, whose end says how the attempt ended", () => {
    const { template: _, ...spec } = jobOf().spec ?? { template: {} };
    expect(spec).toEqual({
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      podFailurePolicy: {
        rules: [
          { action: "FailJob", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          {
            action: "FailJob",
            onExitCodes: { containerName: "trainer", operator: "In", values: [65, 77, 78] },
          },
          { action: "FailJob", onExitCodes: { containerName: "trainer", operator: "In", values: [75] } },
        ],
      },
      activeDeadlineSeconds: 14400 + 900 + 600,
    });
  });
});

describe("the Job's Pod", () => {
  test("is ended by itself long before the Job ends it", () => {
    const job = { activeDeadlineSeconds: 100, pendingDeadlineSeconds: 20 };
    expect(jobOf({ job }).spec?.activeDeadlineSeconds).toBe(720);
    expect(podOf({ job }).activeDeadlineSeconds).toBe(100);
  });

  test("is marked like the Job; configured labels replace none of those, annotations do", () => {
    const labels = { team: "bikes", "retrain.velo/model": "other" };
    const annotations = {
      note: "x",
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "true",
      "retrain.velo/run": "other",
    };
    const { metadata, spec } = jobOf({}, { labels, annotations });
    expect(spec?.template.metadata?.labels).toEqual({ ...metadata?.labels, team: "bikes" });
    expect(spec?.template.metadata?.annotations).toEqual({ ...annotations, "retrain.velo/run": "monthly" });
    expect(jobOf().spec?.template.metadata?.annotations).toMatchObject({
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    });
  });
});

describe("the Pod", () => {
  test("may nothing that a trainer does not need", () => {
    expect(podOf()).toMatchObject({
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(trainerOf()).toMatchObject({
      name: "trainer",
      terminationMessagePolicy: "FallbackToLogsOnError",
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    });
  });

  test("leaves user and group to the platform when they are null", () => {
    expect(podOf({}, { runAsUser: null, fsGroup: null }).securityContext).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  test("is placed as configured", () => {
    const placed = {
      nodeSelector: { disk: "ssd" },
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [] } },
      tolerations: [{ key: "batch", operator: "Exists" }],
      priorityClassName: "low",
      runtimeClassName: "gvisor",
      serviceAccountName: "trainer",
      terminationGracePeriodSeconds: 90,
    };
    const pod = podOf({}, { ...placed, imagePullSecrets: ["registry"], imagePullPolicy: "Always" });
    expect(pod).toMatchObject({ ...placed, imagePullSecrets: [{ name: "registry" }] });
    expect(pod.containers[0]?.imagePullPolicy).toBe("Always");
    for (const name of Object.keys(placed).slice(0, -1)) expect(podOf()).not.toHaveProperty(name);
  });
});

describe("the Pod's volumes", () => {
  test("are the versions, a scratch directory of limited size and the database's authority", () => {
    const spec: Spec = { storage: { subPath: "bikes" } };
    const pod = { databaseCaConfigMap: "database-ca" };
    expect(podOf(spec, pod).volumes).toEqual([
      { name: "models", persistentVolumeClaim: { claimName: "retrain-models" } },
      { name: "scratch", emptyDir: { sizeLimit: "256Mi" } },
      { name: "database-ca", configMap: { name: "database-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ]);
    expect(trainerOf(spec, pod).volumeMounts).toEqual([
      { name: "models", mountPath: "/models", subPath: "bikes" },
      { name: "scratch", mountPath: "/tmp" },
      { name: "database-ca", mountPath: "/etc/retrain/database-ca", readOnly: true },
    ]);
    expect(trainerOf().volumeMounts?.[0]).toEqual({ name: "models", mountPath: "/models" });
  });
});

describe("what was frozen", () => {
  test("has the run's image and resources, not those of the configuration of today", () => {
    const resources = { requests: { cpu: "2" }, limits: { memory: "4Gi" } };
    const run = runSeen({ spec: { job: { resources } } });
    const resolved = resolvedOf(run, settingsOf({ defaults: { job: { image: "trainer:1" } } }));
    const today = settingsOf({ defaults: { job: { image: "trainer:2", retries: 9 } } });
    const job = trainerJob(run, resolved, 1, today);
    expect(job.spec?.template.spec?.containers[0]).toMatchObject({
      image: "trainer:1",
      resources: { requests: { cpu: "2", memory: "1Gi" }, limits: { memory: "4Gi" } },
    });
  });

  test("is enough for the same Job once more, in whichever order its fields come back", () => {
    const [run, settings] = [runSeen({ spec: { force: { reason: "known" } } }), settingsOf()];
    const resolved = resolvedOf(run, settings);
    const stored = readResolved(JSON.parse(canonicalJson(resolved)));
    expect(stored).toBeDefined();
    expect(trainerJob(run, stored ?? resolved, 2, settings)).toEqual(trainerJob(run, resolved, 2, settings));
  });
});
