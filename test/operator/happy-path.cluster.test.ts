import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { OperatorProcess } from "../support/operator-process.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let operator: OperatorProcess;
beforeAll(async () => {
  scene = await startScene();
  operator = await scene.operator();
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const manifest = `
apiVersion: retrain.velo/v1alpha1
kind: RetrainRun
metadata:
  name: by-hand
  namespace: happy
`;

test("a run that kubectl applies is accepted, trains in one Job and is published, and kubectl shows it", async () => {
  const place = await scene.place("happy");
  await scene.plane.kubectl(["apply", "-f", "-"], manifest);
  const pod = await place.podOf("by-hand");
  const run = await place.whenProgressing("by-hand", "Pending");
  expect(run.metadata.annotations).toMatchObject({ "retrain.velo/started": run.metadata.uid });
  await place.kubelet.run(pod);
  await place.whenProgressing("by-hand", "Running");
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });

  const kubectl = (...values: string[]) => scene.plane.kubectl([...values, "--namespace=happy"]);
  await kubectl("wait", "rr/by-hand", "--for=condition=Finished", "--timeout=30s");
  const [columns = "", row = ""] = (await kubectl("get", "rr")).split("\n");
  expect(columns.split(/\s+/u).filter((word) => word !== "")).toEqual(
    "NAME MODEL PERIOD TRIGGER VERDICT ROWS MAE DELTA VERSION AGE".split(" "),
  );
  expect(row).toMatch(/^by-hand +bike-traffic +Published +35000 +80.13 +-11.0 +20261201T010000Z-run1 /u);
  expect(await place.jobs()).toHaveLength(1);
  expect((await place.run("by-hand")).status.conditions).toMatchObject([
    { type: "Accepted", status: "True" },
    { type: "Progressing", status: "False" },
    { type: "Finished", status: "True", reason: "Published" },
    { type: "Succeeded", status: "True" },
    { type: "Published", status: "True" },
  ]);
}, 60_000);

test("the Events of a run tell its story in order", async () => {
  await operator.saw(({ message, run }) => run === "by-hand" && message.startsWith("NewVersion"));
  const place = await scene.place("happy");
  const story = ["Accepted", "AttemptStarted", "Running", "Published"];
  await place.untilTold("by-hand", "Published");
  expect(await place.eventsOf("by-hand")).toEqual(story);
}, 60_000);

test("a null of the spec reaches the trainer: its frozen input is what was hashed", async () => {
  const place = await scene.place("happy");
  await place.create("without-order", {
    model: "bike-traffic",
    source: { columns: { bikeCount: { order: null } } },
  });
  const { resolved } = (await place.whenProgressing("without-order", "Pending")).status;
  expect(resolved?.input).toMatchObject({ source: { columns: { bikeCount: { order: null } } } });
}, 60_000);

test("once the verdict is written, the Job is given its time to live", async () => {
  const place = await scene.place("happy");
  const timesToLive = async () =>
    (await place.jobs()).flatMap(({ spec }) => spec.ttlSecondsAfterFinished ?? []);
  await place.until(async () => (await timesToLive()).length > 0);
  expect(await timesToLive()).toEqual([3 * 86_400]);
}, 60_000);

test("a run that nobody touches is not written again", async () => {
  const place = await scene.place("happy");
  const { resourceVersion } = (await place.run("by-hand")).metadata;
  // Another run of the model makes the operator look at both.
  await place.create("second", { suspend: true });
  await place.whenProgressing("second", "Suspended");
  expect((await place.run("by-hand")).metadata.resourceVersion).toBe(resourceVersion);
}, 60_000);

test("it serves health and metrics, and ends with 0 on SIGTERM, its Leases released", async () => {
  for (const path of ["healthz", "readyz"]) {
    expect((await fetch(`${operator.url}/${path}`)).status).toBe(200);
  }
  const metrics = await (await fetch(`${operator.url}/metrics`)).text();
  expect(metrics).toContain('retrain_operator_leader{namespace="happy"} 1');
  operator.kill("SIGTERM");
  operator.kill("SIGTERM");
  expect(await operator.ended).toMatchObject({ exitCode: 0, stderr: "" });
  const lease = await scene.plane.ask(
    "/apis/coordination.k8s.io/v1/namespaces/happy/leases/retrain-operator",
  );
  expect(lease.object["spec"]).not.toHaveProperty("holderIdentity", expect.stringMatching(/./u));
}, 60_000);
