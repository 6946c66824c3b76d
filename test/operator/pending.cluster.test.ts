import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { Pod } from "../support/kubelet.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";

let scene: Scene;
let place: Place;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("pending");
  await scene.operator({ configuration: { models: Object.fromEntries(models.map((name) => [name, {}])) } });
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const models = Array.from({ length: 12 }, (_, at) => `model-${String(at)}`);
let count = 0;
const nextModel = (): string => models[count++] ?? "";

const progressing = async (name: string, reason: string, at = place): Promise<string> => {
  const { status } = await at.whenProgressing(name, reason);
  return status.conditions?.find(({ type }) => type === "Progressing")?.message ?? "";
};

/** The Jobs that exist for a run. */
const jobsOf = async (uid: string, at = place) =>
  (await at.jobs()).filter(({ metadata }) => metadata.name.includes(uid.slice(0, 10)));

interface Trouble {
  readonly reason: string;
  readonly happens: (pod: Pod) => Promise<void>;
  readonly message: RegExp;
}

describe("why a Pod does not start is told at once, and at pendingDeadlineSeconds it is why the run failed", () => {
  const troubles: readonly Trouble[] = [
    {
      reason: "ImagePullBackOff",
      happens: (pod) => place.kubelet.waiting(pod, "ImagePullBackOff", 'Back-off pulling image "nothing:1"'),
      message: /pulling image "nothing:1".*job\.image/u,
    },
    {
      reason: "CreateContainerConfigError",
      happens: (pod) => place.kubelet.waiting(pod, "CreateContainerConfigError", 'secret "db" not found'),
      message: /secret "db" not found/u,
    },
    {
      reason: "Unschedulable",
      happens: (pod) => place.kubelet.unschedulable(pod, "0/3 nodes are available: 3 Insufficient memory."),
      message: /Insufficient memory.*job\.resources\.requests/u,
    },
  ];

  test.each(troubles)(
    "$reason",
    async ({ reason, happens, message }) => {
      const name = nextModel();
      await place.create(name, { model: name, job: { pendingDeadlineSeconds: 10, retries: 0 } });
      await happens(await place.podOf(name));
      expect(await progressing(name, reason)).toMatch(message);
      const { status } = await place.whenOver(name);
      expect(status).toMatchObject({ verdict: "Failed", reason, message: expect.stringMatching(message) });
      await place.untilTold(name, reason);
    },
    60_000,
  );

  test("a volume that cannot be mounted, which only an Event tells", async () => {
    const name = nextModel();
    await place.create(name, { model: name });
    const pod = await place.podOf(name);
    await place.kubelet.tell(pod, "FailedMount", 'MountVolume.SetUp failed for volume "models"');
    // The Event itself is not watched: another change of the Pod makes the operator look.
    await place.kubelet.waiting(pod, "ContainerCreating", "");
    expect(await progressing(name, "VolumeMountFailed")).toContain('volume "models"');
  }, 60_000);
});

const podless = {
  template: { spec: { restartPolicy: "Never", containers: [{ name: "one", image: "one" }] } },
};

/** An admission policy that lets nobody create Jobs in the namespace. */
async function refuseJobs(namespace: string, message: string): Promise<void> {
  const admission = "/apis/admissionregistration.k8s.io/v1";
  await scene.plane.ask(`${admission}/validatingadmissionpolicies`, {
    method: "POST",
    body: {
      metadata: { name: "no-jobs" },
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: ["batch"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["jobs"] },
          ],
        },
        validations: [{ expression: "false", message }],
      },
    },
  });
  await scene.plane.ask(`${admission}/validatingadmissionpolicybindings`, {
    method: "POST",
    body: {
      metadata: { name: "no-jobs" },
      spec: {
        policyName: "no-jobs",
        validationActions: ["Deny"],
        matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
      },
    },
  });
}

describe("a Job that the API server refuses", () => {
  test("is explained by the quota and created once there is room", async () => {
    const tight = await scene.place("quota");
    const name = nextModel();
    const quotas = "/api/v1/namespaces/quota/resourcequotas";
    const body = { metadata: { name: "no-jobs" }, spec: { hard: { "count/jobs.batch": "0" } } };
    await scene.plane.ask(quotas, { method: "POST", body });
    await tight.until(async () => {
      const { object } = await scene.plane.ask(`${quotas}/no-jobs`);
      return JSON.stringify(object["status"] ?? {}).includes("count/jobs.batch");
    });
    const run = await tight.create(name, { model: name });
    expect(await progressing(name, "QuotaExceeded", tight)).toContain("exceeded quota: no-jobs");
    expect(await tight.run(name)).not.toHaveProperty("status.startTime");
    expect(await jobsOf(run.metadata.uid, tight)).toEqual([]);
  }, 60_000);

  test("is explained by the policy that refused it, and fails at pendingDeadlineSeconds", async () => {
    const strict = await scene.place("strict");
    await refuseJobs("strict", "only teams with a budget may train");
    const probe = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "probe" }, spec: podless };
    await strict.until(
      async () =>
        (
          await scene.plane.ask("/apis/batch/v1/namespaces/strict/jobs?dryRun=All", {
            method: "POST",
            body: probe,
          })
        ).status === 422,
    );
    const name = nextModel();
    await strict.create(name, { model: name, job: { pendingDeadlineSeconds: 10 } });
    expect(await progressing(name, "AdmissionRefused", strict)).toContain(
      "only teams with a budget may train",
    );
    expect(await strict.whenOver(name)).toMatchObject({
      status: { verdict: "Failed", reason: "AdmissionRefused" },
    });
  }, 60_000);

  test("is explained when another object has its name, and created once that is gone", async () => {
    const name = nextModel();
    const run = await place.create(name, { model: name, suspend: true });
    const job = `rr-${run.metadata.uid.slice(0, 10)}-1`;
    const body = { apiVersion: "batch/v1", kind: "Job", metadata: { name: job }, spec: podless };
    const { status } = await scene.plane.ask("/apis/batch/v1/namespaces/pending/jobs", {
      method: "POST",
      body,
    });
    expect(status).toBe(201);
    await place.patchSpec(name, { suspend: null });
    expect(await progressing(name, "NameConflict")).toContain(job);
    expect(await place.run(name)).not.toHaveProperty("status.startTime");
  }, 60_000);
});
