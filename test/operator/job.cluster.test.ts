import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";

import type { Configuration } from "../../contract/configuration.ts";
import { readRun } from "../../operator/loop/read/run.ts";
import { accept } from "../../operator/reconcile/accept.ts";
import { trainerJob } from "../../operator/reconcile/job.ts";
import { readResolved } from "../../operator/reconcile/resolved.ts";
import type { RunSeen } from "../../operator/reconcile/seen.ts";
import type { Settings } from "../../operator/reconcile/settings.ts";
import { startWithRetrainRuns, type RetrainRuns } from "../crds/retrain-runs.ts";
import type { Answer } from "../support/control-plane.ts";
import { settingsOf } from "./reconcile/run-seen.ts";

const core = "/api/v1/namespaces/velo";
const jobs = "/apis/batch/v1/namespaces/velo/jobs";
const runs = "/apis/retrain.velo/v1alpha1/namespaces/velo/retrainruns";
const strictly = "?fieldValidation=Strict";

let cluster: RetrainRuns;
const ask: RetrainRuns["plane"]["ask"] = (path, options) => cluster.plane.ask(path, options);

/** What a configuration may name, in a namespace that refuses every Pod that is not `restricted`. */
const surroundings: readonly (readonly [at: string, object: object])[] = [
  [
    "/api/v1/namespaces",
    { metadata: { name: "velo", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
  ],
  ["/apis/scheduling.k8s.io/v1/priorityclasses", { metadata: { name: "low" }, value: 1 }],
  ["/apis/node.k8s.io/v1/runtimeclasses", { metadata: { name: "gvisor" }, handler: "runsc" }],
  [`${core}/serviceaccounts`, { metadata: { name: "trainer" } }],
];

beforeAll(async () => {
  cluster = await startWithRetrainRuns();
  for (const [at, body] of surroundings) await made(at, body);
  while ((await ask(`${core}/serviceaccounts/default`)).status !== 200) await setTimeout(50);
}, 60_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function made(at: string, body: object): Promise<Answer["object"]> {
  const { status, message, object } = await ask(at, { method: "POST", body });
  expect({ status, message }).toEqual({ status: 201, message: "" });
  return object;
}

const Listed = z.object({
  items: z.array(z.looseObject({ reason: z.string().optional(), message: z.string().optional() })),
});
const itemsOf = ({ object }: Answer): z.infer<typeof Listed>["items"] => Listed.parse(object).items;

/** The Pod that the Job controller made, or why it could not. */
async function podOf(job: string): Promise<object> {
  for (;;) {
    const [pod] = itemsOf(await ask(`${core}/pods?labelSelector=batch.kubernetes.io/job-name%3D${job}`));
    if (pod !== undefined) return pod;
    const events = itemsOf(await ask(`${core}/events?fieldSelector=involvedObject.name%3D${job}`));
    const refused = events.find(({ reason }) => reason === "FailedCreate");
    if (refused !== undefined) throw new Error(refused.message);
    await setTimeout(50);
  }
}

const asSent = (object: object) => z.looseObject({}).parse(JSON.parse(JSON.stringify(object)));

const everyOption: z.input<typeof Configuration>["pod"] = {
  labels: { team: "bikes" },
  annotations: { note: "monthly" },
  nodeSelector: { disk: "ssd" },
  affinity: {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: "predictions" } }, topologyKey: "kubernetes.io/hostname" },
      ],
    },
  },
  tolerations: [{ key: "batch", operator: "Equal", value: "yes", effect: "NoSchedule" }],
  imagePullPolicy: "IfNotPresent",
  imagePullSecrets: ["registry"],
  priorityClassName: "low",
  runtimeClassName: "gvisor",
  serviceAccountName: "trainer",
  env: { HTTPS_PROXY: "http://proxy:3128" },
  databaseCaConfigMap: "database-ca",
  runAsUser: 1000,
  fsGroup: 2000,
  terminationGracePeriodSeconds: 30,
};

const restore = { restore: { version: "20261101T020000Z-ab", reason: "$(DATABASE_URL)" } };
const all = {
  period: "2026-12",
  trigger: "Schedule",
  requestedBy: "ann",
  force: { reason: "known" },
  storage: { subPath: "bikes/montpellier" },
  job: { resources: { requests: { cpu: "500m", memory: "1536Mi" }, limits: { cpu: "2", memory: "3Gi" } } },
};

async function seen(name: string, settings: Settings): Promise<RunSeen> {
  const run = readRun((await ask(`${runs}/${name}`)).object, settings.configuration);
  if (run === undefined) throw new Error(`${name} cannot be read`);
  return run;
}

describe.each([
  { name: "minimal", spec: {}, pod: {} },
  { name: "all-options", spec: all, pod: everyOption },
  { name: "restore", spec: restore, pod: everyOption },
  { name: "users-of-the-platform", spec: {}, pod: { runAsUser: null, fsGroup: null } },
])("the Job of a run: $name", ({ name, spec, pod }) => {
  const settings = settingsOf({ pod });

  test("is admitted and kept as it was written, and so is its Pod", async () => {
    const kind = { apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun" };
    await made(`${runs}${strictly}`, { ...kind, metadata: { name }, spec });
    const run = await seen(name, settings);
    const acceptance = accept(run, settings);
    if ("refusal" in acceptance) throw new Error(acceptance.refusal.message);
    const job = trainerJob(run, acceptance.resolved, 1, settings);

    const { resolved } = acceptance;
    const body = { status: { resolved } };
    const written = await ask(`${runs}/${name}/status`, {
      method: "PATCH",
      type: "application/merge-patch+json",
      body,
    });
    expect(written).toMatchObject({ status: 200, object: body });
    const again = await seen(name, settings);
    expect(again.status.resolved).toEqual(resolved);
    const frozen = readResolved(again.status.resolved);
    expect(frozen && JSON.stringify(trainerJob(again, frozen, 1, settings))).toBe(JSON.stringify(job));

    expect(await made(`${jobs}${strictly}`, job)).toMatchObject(asSent(job));
    const { metadata, spec: { containers, volumes, securityContext } = {} } = job.spec?.template ?? {};
    const admitted = { metadata, spec: { containers, volumes, securityContext } };
    expect(await podOf(job.metadata?.name ?? "")).toMatchObject(asSent(admitted));
  }, 30_000);
});

test("the namespace refuses the Pod of a Job that may more", async () => {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "trainer", image: "trainer" }] } };
  await made(jobs, { metadata: { name: "loose" }, spec: { template } });
  await expect(podOf("loose")).rejects.toThrow('violates PodSecurity "restricted:latest"');
}, 30_000);
