import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { OperatorProcess } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
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
}, 30_000);

const lease = ({ namespace }: Place) =>
  scene.plane.ask(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/retrain-operator`);

async function train(place: Place): Promise<void> {
  const run = await place.create("run");
  const pod = await place.podOf("run");
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
  expect(await place.whenOver("run")).toMatchObject({ status: { verdict: "Published" } });
  expect(await place.jobs()).toHaveLength(1);
}

test("an operator of all namespaces carries out runs in those that are made after its start, side by side", async () => {
  const [north, south] = [await scene.place("north"), await scene.place("south")];
  expect([(await lease(north)).status, (await lease(south)).status]).toEqual([404, 404]);
  await Promise.all([train(north), train(south)]);
  const metrics = await (await fetch(`${operator.url}/metrics`)).text();
  expect(metrics).toContain('retrain_operator_leader{namespace="north"} 1');
  expect(metrics).toContain('retrain_operator_leader{namespace="south"} 1');
}, 90_000);

test("a namespace without runs has no Lease, and one whose last run is gone is given up", async () => {
  const [north, empty] = [await scene.place("north"), await scene.place("empty")];
  const holder = async () => JSON.stringify((await lease(north)).object["spec"]);
  expect(await holder()).toMatch(/"holderIdentity":"[^"]/u);
  await north.remove("retrainruns", "run");
  await north.until(async () => !/"holderIdentity":"[^"]/u.test(await holder()));
  expect((await lease(empty)).status).toBe(404);
}, 90_000);

test("a namespace that was given up is taken again with its next run", async () => {
  const north = await scene.place("north");
  const run = await north.create("next");
  await north.kubelet.end(await north.podOf("next"), { exitCode: 0, message: reportOf(run) });
  expect(await north.whenOver("next")).toMatchObject({ status: { verdict: "Published" } });
}, 90_000);
