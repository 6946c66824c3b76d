import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { z } from "zod";

import { fullName, laterOperator, rolledOut, startProductScene, type ProductScene } from "./product-scene.ts";

jest.setTimeout(300_000);
let scene: ProductScene;
beforeAll(async () => {
  scene = await startProductScene();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const jsonOf = async (...what: readonly string[]): Promise<unknown> =>
  JSON.parse(await scene.kubectl("get", ...what, "--output=json"));
const forced = async (job: string): Promise<void> => {
  await scene.kubectl("create", "job", job, `--from=cronjob/${fullName}-bike-traffic`);
  await scene.kubectl("wait", `job/${job}`, "--for=condition=Complete", "--timeout=90s");
};
const versions = async (): Promise<readonly string[]> => readdir(path.join(await scene.models(), "versions"));
const current = async (): Promise<unknown> =>
  JSON.parse(await readFile(path.join(await scene.models(), "CURRENT.json"), "utf8"));

test("Helm installs what comes up under the restricted standard; helm test finds that everything answers", async () => {
  expect(await scene.helm("install", "monthly")).toContain("is installed as monthly in bikes");
  await rolledOut(scene, fullName, `${fullName}-sidecar`);
  expect(await scene.helm("test", "monthly")).toMatch(/Phase: +Succeeded/u);
});

const Created = z.looseObject({ metadata: z.looseObject({ creationTimestamp: z.coerce.date() }) });
let monthly: string;

test("the CronJob, forced once, makes the month's run, which is published on the claim", async () => {
  await forced("first-run");
  const { metadata } = Created.parse(await jsonOf("job/first-run"));
  const month = new Intl.DateTimeFormat("sv", {
    timeZone: "Europe/Paris",
    year: "numeric",
    month: "2-digit",
  });
  monthly = `bike-traffic-${month.format(metadata.creationTimestamp)}`;

  const { spec, status } = await scene.place.whenOver(monthly);
  expect(spec).toMatchObject({ trigger: "Schedule", model: "bike-traffic" });
  expect(status).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
  expect(await current()).toMatchObject({ version: status.version });
  expect(await readdir(path.join(await scene.models(), "current/"))).toEqual(
    expect.arrayContaining(["model.ubj", "preprocessor.json", "report.html"]),
  );
});

test("forced again, it finds the month's run there, which is no failure", async () => {
  await forced("second-run");
  expect(await scene.kubectl("logs", "job/second-run")).toContain(monthly);
  expect(await scene.kubectl("get", "retrainruns", "--output=name")).toBe(
    `retrainrun.retrain.velo/${monthly}\n`,
  );
});

/** As a program of the cluster asks for a run. */
const ask = `
const answer = await fetch(process.env.URL + "/api/train", {
  method: "POST",
  headers: { authorization: "Bearer " + process.env.TOKEN, "content-type": "application/json" },
  body: JSON.stringify({ reason: "the weather was late" }),
});
console.log(JSON.stringify({ status: answer.status, ...(await answer.json()) }));`;
const Answer = z.looseObject({ status: z.unknown(), run: z.looseObject({ name: z.string() }).optional() });

async function askAs(account: string): Promise<z.infer<typeof Answer>> {
  const host = await scene.kubectl(
    "get",
    `service/${fullName}-sidecar`,
    "--output=jsonpath={.spec.clusterIP}",
  );
  const token = await scene.kubectl("create", "token", account, "--audience=retrain-operator");
  return Answer.parse(
    JSON.parse(await scene.runPod(`ask-${account}`, ask, { URL: `http://${host}`, TOKEN: token.trim() })),
  );
}

test("the sidecar makes a run through its Service for an account with the role edit, and none for one without", async () => {
  for (const account of ["nobody", "ana"]) await scene.kubectl("create", "serviceaccount", account);
  await scene.kubectl("create", "rolebinding", "ana", "--clusterrole=edit", "--serviceaccount=bikes:ana");
  expect(await askAs("nobody")).toMatchObject({ status: 403 });

  const { run, ...answer } = await askAs("ana");
  expect(answer).toMatchObject({ message: "Model retraining started in background." });
  const { spec, status } = await scene.place.whenOver(run?.name ?? "");
  expect(spec).toMatchObject({ trigger: "Api", requestedBy: "system:serviceaccount:bikes:ana" });
  expect(status).toMatchObject({ verdict: "Skipped", reason: "NoNewData" });
});

const Job = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.looseObject({})).length(1) }) }),
  }),
});

test("an upgrade over a running training leaves its Job as it is, and the run ends as it would have", async () => {
  const before = await versions();
  const training = { grid: { maxDepth: [8], learningRate: [0.05], rounds: [1500] }, folds: 2 };
  await scene.place.create("long", { training, force: { reason: "to be upgraded over" } });
  const { status } = await scene.place.when("long", (run) => run.status.progress !== undefined);
  const job = `job/${status.attempts?.[0]?.job ?? ""}`;
  const started = Job.parse(await jsonOf(job));
  await scene.helm(
    "upgrade",
    "monthly",
    "--set",
    "images.operator.tag=later",
    "--set",
    "defaults.gate.mode=Warn",
  );
  await rolledOut(scene, fullName, `${fullName}-sidecar`);
  const image = "--output=jsonpath={.spec.template.spec.containers[0].image}";
  expect(await scene.kubectl("get", `deployment/${fullName}`, image)).toBe(laterOperator);
  expect(await scene.place.run("long")).toMatchObject({
    status: expect.not.objectContaining({ verdict: expect.anything() }),
  });
  expect(Job.parse(await jsonOf(job))).toEqual(started);

  const ended = await scene.place.whenOver("long");
  expect(ended.status).toMatchObject({ verdict: "Published", attempts: [{ exitCode: 0 }] });
  expect(ended.status.attempts).toHaveLength(1);
  expect(await versions()).toHaveLength(before.length + 1);
});

test("a training that is killed for its memory ends as OOMKilled, with what to raise", async () => {
  const memory = "40Mi";
  const resources = { requests: { memory }, limits: { memory } };
  await scene.place.create("small", { job: { resources, retries: 0 } });
  expect((await scene.place.whenOver("small")).status).toMatchObject({
    verdict: "Failed",
    reason: "OOMKilled",
    message: expect.stringContaining("raise job.resources.limits.memory"),
  });
});

test("uninstalled, it leaves the volume with its versions, the CRD and all runs", async () => {
  const [before, version, runs] = [
    await versions(),
    await current(),
    await scene.kubectl("get", "rr", "-o", "name"),
  ];
  await scene.helm("uninstall", "monthly", "--wait");
  expect(await scene.kubectl("get", "deployments,cronjobs,services", "--output=name")).toBe("");
  expect(await scene.kubectl("get", "rr", "--output=name")).toBe(runs);
  expect(await scene.kubectl("get", "pvc", "--output=jsonpath={.items[*].status.phase}")).toBe("Bound");
  expect([await versions(), await current()]).toEqual([before, version]);
});
