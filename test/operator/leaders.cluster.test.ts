import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Access } from "../../hack/cluster/api.ts";
import { startOperator, type OperatorProcess } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
let access: Access;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("leaders");
  await scene.place("elsewhere");
  access = await scene.account("leaders", ["leaders", "elsewhere"]);
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const models = ["model-a", "model-b", "model-c"];
const start = (watched: readonly string[] = ["leaders"]): Promise<OperatorProcess> =>
  startOperator({
    access,
    namespace: "leaders",
    watched,
    configuration: { models: Object.fromEntries(models.map((model) => [model, {}])) },
    env: { LEASE_SECONDS: "3" },
  });
const leads = (operator: OperatorProcess): Promise<unknown> =>
  operator.saw(({ message }) => message === "This process leads the namespace");
const created = (operator: OperatorProcess): number =>
  operator.log().filter(({ reason }) => reason === "AttemptStarted").length;

test("a leader that was stopped past its Lease writes nothing more when it goes on", async () => {
  await using first = await start();
  await leads(first);
  await using second = await start();
  first.kill("SIGSTOP");
  await leads(second);
  const run = await place.create("model-a", { model: "model-a" });
  const pod = await place.podOf("model-a");
  first.kill("SIGCONT");
  await first.saw(({ message }) => message === "This process no longer leads the namespace");
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
  await place.whenOver("model-a");
  await second.saw(({ reason }) => reason === "Published");
  expect(await place.jobs()).toHaveLength(1);
  expect([created(first), created(second)]).toEqual([0, 1]);
}, 60_000);

test("the other operator goes on at once when the leader ends regularly", async () => {
  await using first = await start();
  await leads(first);
  await using second = await start();
  await place.create("model-b", { model: "model-b" });
  await place.podOf("model-b");
  first.kill("SIGTERM");
  expect(await first.ended).toMatchObject({ exitCode: 0 });
  await leads(second);
  await place.patchSpec("model-b", { cancel: true });
  await place.whenOver("model-b");
}, 60_000);

test("one operator serves each namespace of its list, and no other", async () => {
  await using operator = await start(["leaders", "elsewhere"]);
  const elsewhere = await scene.place("elsewhere");
  const unwatched = await scene.place("unwatched");
  await unwatched.create("model-c", { model: "model-c" });
  await Promise.all([place, elsewhere].map((one) => one.create("model-c", { model: "model-c" })));
  await Promise.all([place.podOf("model-c"), elsewhere.podOf("model-c")]);
  expect((await unwatched.run("model-c")).status).toEqual({});
  operator.kill("SIGTERM");
  expect(await operator.ended).toMatchObject({ exitCode: 0 });
}, 60_000);
