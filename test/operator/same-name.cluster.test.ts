import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Access } from "../../hack/cluster/api.ts";
import { startOperator, type OperatorProcess } from "../support/operator-process.ts";
import type { Pod } from "../support/kubelet.ts";
import type { Place, Run } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
let access: Access;
beforeAll(async () => {
  // The garbage collector looks every 30 s for new kinds, such as ours.
  scene = await startScene(undefined, 90);
  place = await scene.place("same-name");
  access = await scene.account("same-name", ["same-name"]);
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
}, 30_000);

const models = ["model-a", "model-b"];
const start = (): Promise<OperatorProcess> =>
  startOperator({
    access,
    namespace: "same-name",
    configuration: { models: Object.fromEntries(models.map((model) => [model, {}])) },
    env: { LEASE_SECONDS: "3" },
  });

const jobNameOf = ({ metadata }: Run): string => `rr-${metadata.uid.slice(0, 10)}-1`;

/** Deletes the run and makes another one of the same name and spec. */
async function recreated(name: string): Promise<Run> {
  await place.remove("retrainruns", name);
  return place.create(name, { model: name });
}

async function publish(pod: Pod, run: Run): Promise<void> {
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
  expect(await place.whenOver(run.metadata.name)).toMatchObject({
    metadata: { uid: run.metadata.uid },
    status: { verdict: "Published", attempts: [{ job: jobNameOf(run), exitCode: 0 }] },
  });
}

test("recreated while the operator was stopped and the old one trained, it waits for the old Pod and has a Job of its own", async () => {
  await using operator = await start();
  const old = await place.create("model-a", { model: "model-a" });
  const pod = await place.podOf("model-a");
  await place.kubelet.bind(pod);
  await place.kubelet.run(pod);
  await place.whenProgressing("model-a", "Running");
  operator.kill("SIGSTOP");
  const run = await recreated("model-a");
  operator.kill("SIGCONT");
  await place.whenProgressing("model-a", "WaitingForOldPod");
  expect((await place.run("model-a")).status.attempts).toBeUndefined();
  await place.until(async () =>
    (await place.jobs()).every(({ metadata }) => metadata.name !== jobNameOf(old)),
  );
  await place.kubelet.remove(pod);
  const next = await place.podOf("model-a");
  expect(next.metadata.name).toContain(jobNameOf(run));
  await publish(next, run);
}, 150_000);

test("recreated while no operator was there and the old one was published, it is trained anew", async () => {
  {
    await using operator = await start();
    const old = await place.create("model-b", { model: "model-b" });
    await publish(await place.podOf("model-b"), old);
    operator.kill("SIGTERM");
    await operator.ended;
  }
  const run = await recreated("model-b");
  await using operator = await start();
  const pod = await place.podOf("model-b");
  expect(pod.metadata.name).toContain(jobNameOf(run));
  await publish(pod, run);
  expect(operator.log().filter(({ reason }) => reason === "AttemptStarted")).toHaveLength(1);
}, 150_000);
