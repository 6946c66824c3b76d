import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { createdByJob } from "../../../operator/create-run/create-run.ts";
import { periodOf } from "../../../operator/create-run/scheduled-job.ts";
import { startWithRetrainRuns } from "../../crds/retrain-runs.ts";
import type { TestControlPlane } from "../../support/control-plane.ts";
import { writeKubeconfig } from "../../support/operator-process.ts";
import { createAccount, grantRole, tokenOf } from "../../support/sidecar-rights.ts";
import { openPlace, type Place } from "../place.ts";

jest.setTimeout(180_000);
const namespace = "velo";
const account = { namespace, name: "create-run" };
const month = "2026-12-01T02:00:00+01:00";

const stack = new AsyncDisposableStack();
let plane: TestControlPlane;
let place: Place;
let kubeconfig: string;
beforeAll(async () => {
  ({ plane } = stack.use(await startWithRetrainRuns()));
  await plane.ask("/api/v1/namespaces", { method: "POST", body: { metadata: { name: namespace } } });
  place = openPlace(plane, namespace);
  await createAccount(plane, account);
  await grantRole(plane, account, [
    { apiGroups: ["retrain.velo"], resources: ["retrainruns"], verbs: ["get", "list", "create"] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get"] },
  ]);
  const scratch = await mkdtemp(path.join(tmpdir(), "create-run-"));
  stack.defer(() => rm(scratch, { recursive: true, force: true }));
  const access = { url: plane.url, ca: plane.ca, token: await tokenOf(plane, account, {}) };
  kubeconfig = await writeKubeconfig(access, scratch);
});
afterAll(() => stack.disposeAsync());

const template = {
  spec: {
    template: {
      spec: { restartPolicy: "Never", containers: [{ name: "create-run", image: "localhost/none:none" }] },
    },
  },
};

/** A Job as the CronJob controller makes it for a tick. */
async function jobOf(name: string, scheduledAt: string): Promise<string> {
  const metadata = {
    name,
    annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": scheduledAt },
  };
  const body = { apiVersion: "batch/v1", kind: "Job", metadata, spec: template.spec };
  const made = await plane.ask(`/apis/batch/v1/namespaces/${namespace}/jobs`, { method: "POST", body });
  expect(made.status).toBe(201);
  return name;
}

interface Ended {
  readonly exitCode: number | null;
  readonly said: string;
}

/** The program itself, with the rights of its ServiceAccount. */
async function createRun(job: string, env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ["operator/create-run/main.ts"], {
    env: {
      ...{ PATH: process.env["PATH"], KUBECONFIG: kubeconfig, POD_NAMESPACE: namespace },
      ...{ MODEL: "bike-traffic", JOB_NAME: job, ...env },
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { exitCode: child.exitCode, said };
}

const end = (name: string, verdict: string, reason: string): Promise<void> =>
  place.patchStatus(name, { verdict, reason, completionTime: "2026-12-01T03:00:00Z" });

test("a tick becomes the month's run, and asked again it is success", async () => {
  const job = await jobOf("first", month);
  expect(await createRun(job)).toMatchObject({ exitCode: 0, said: expect.stringContaining("was created") });
  const run = await place.run("bike-traffic-2026-12");
  expect(run).toMatchObject({
    spec: {
      ...{ model: "bike-traffic", period: "2026-12" },
      ...{ trigger: "Schedule", requestedBy: "job/first" },
    },
    metadata: { annotations: { [createdByJob]: expect.any(String) } },
  });
  expect(run.metadata["ownerReferences"]).toBeUndefined();
  expect(await createRun(job)).toMatchObject({ exitCode: 0, said: expect.stringContaining("has its run") });
  expect(await createRun(await jobOf("again", month))).toMatchObject({ exitCode: 0 });
  expect(await names()).toEqual(["bike-traffic-2026-12"]);
});

test("a month whose run ended in vain gets a second one, but not of the Job that made the first", async () => {
  await end("bike-traffic-2026-12", "Failed", "OOMKilled");
  expect(await createRun("first")).toMatchObject({ exitCode: 0 });
  expect(await names()).toEqual(["bike-traffic-2026-12"]);
  expect(await createRun("again")).toMatchObject({ exitCode: 0 });
  expect(await names()).toEqual(["bike-traffic-2026-12", "bike-traffic-2026-12-2"]);
});

test("a month that is done gets no other one", async () => {
  await end("bike-traffic-2026-12-2", "Skipped", "NoNewData");
  expect(await createRun(await jobOf("late", month))).toMatchObject({ exitCode: 0 });
  expect(await names()).toEqual(["bike-traffic-2026-12", "bike-traffic-2026-12-2"]);
});

test("nine runs in vain are enough, and it says what to do", async () => {
  for (let number = 1; number <= 9; number++) {
    const name = number === 1 ? "bike-traffic-2027-01" : `bike-traffic-2027-01-${String(number)}`;
    await place.create(name, { model: "bike-traffic", period: "2027-01" });
    await end(name, "Rejected", "WorseThanChampion");
  }
  const january = await jobOf("january", "2027-01-01T02:00:00+01:00");
  const { exitCode, said } = await createRun(january);
  expect(exitCode).toBe(1);
  expect(said).toContain("9 runs of that month have ended without a version");
  expect((await names()).filter((name) => name.startsWith("bike-traffic-2027"))).toHaveLength(9);
});

test.each([
  {
    what: "a Job that is not there",
    job: "nobody",
    env: {},
    code: 1,
    says: 'jobs.batch \\"nobody\\" not found',
  },
  { what: "no model", job: "first", env: { MODEL: "" }, code: 78, says: "expected the name of a model" },
  { what: "a bad model", job: "first", env: { MODEL: "Bike Traffic" }, code: 78, says: "e.g. bike-traffic" },
])("$what creates nothing and is told", async ({ job, env, code, says }) => {
  const before = await names();
  const { exitCode, said } = await createRun(job, env);
  expect({ exitCode, said }).toMatchObject({ exitCode: code, said: expect.stringContaining(says) });
  expect(await names()).toEqual(before);
});

test("a real CronJob's tick becomes the run of its minute's month", async () => {
  const spec = { schedule: "* * * * *", concurrencyPolicy: "Forbid", jobTemplate: template };
  const body = { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "minutely" }, spec };
  const all = `/apis/batch/v1/namespaces/${namespace}/cronjobs`;
  expect((await plane.ask(all, { method: "POST", body })).status).toBe(201);
  const made = async () => (await place.jobs()).find(({ metadata }) => metadata.name.startsWith("minutely-"));
  await openPlace(plane, namespace, 150).until(async () => (await made()) !== undefined);
  await plane.ask(`${all}/minutely`, {
    method: "PATCH",
    type: "application/merge-patch+json",
    body: { spec: { suspend: true } },
  });
  const job = (await made())?.metadata;
  const annotations = job?.["annotations"] as Record<string, string>;
  const tick = annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] ?? "";
  expect(await createRun(job?.name ?? "", { MODEL: "trams" })).toMatchObject({ exitCode: 0 });
  const run = await place.run(`trams-${periodOf(new Date(tick), "Europe/Paris")}`);
  expect(run.spec).toMatchObject({ requestedBy: "cronjob/minutely", trigger: "Schedule" });
});

async function names(): Promise<readonly string[]> {
  const { object } = await plane.ask(`/apis/retrain.velo/v1alpha1/namespaces/${namespace}/retrainruns`);
  const { items } = object as unknown as {
    readonly items: readonly { readonly metadata: { name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name).sort();
}
