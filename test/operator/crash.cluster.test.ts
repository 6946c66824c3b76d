import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Access } from "../../hack/cluster/api.ts";
import { startOperator, type OperatorCall } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
let access: Access;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("crash");
  access = await scene.account("crash", ["crash"]);
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

/** Each write of a run that trains once and is published, in their order. */
const writes = [
  "patch retrainruns/status 1", // accepted
  "patch retrainruns 1", // the annotation
  "create jobs 1",
  "patch retrainruns/status 2", // the attempt
  "create events 1",
  "patch retrainruns/status 3", // running
  "patch retrainruns/status 4", // the verdict
  "patch jobs 1", // its time to live
];
const moments = writes.flatMap((write) => [`before ${write}`, `after ${write}`]);
const models = moments.map((_, at) => `model-${String(at)}`);

test.each(moments.map((crashAt, at) => ({ crashAt, name: models[at] ?? "" })))(
  "killed $crashAt, there is one Job, one attempt and one version",
  async ({ crashAt, name }) => {
    const call: OperatorCall = {
      access,
      namespace: "crash",
      configuration: { models: Object.fromEntries(models.map((model) => [model, {}])) },
      // A Lease that nobody renews expires soon.
      env: { LEASE_SECONDS: "2" },
    };
    const run = await place.create(name, { model: name });
    const before = (await place.jobs()).length;
    {
      await using operator = await startOperator({
        ...call,
        program: "test/support/crashing-operator.ts",
        env: { ...call.env, CRASH_AT: crashAt },
      });
      const trained = train(name).catch(() => undefined); // It ends with the second operator.
      await operator.ended;
      expect(await operator.ended).toMatchObject({ signal: "SIGKILL" });
      await using second = await startOperator(call);
      await Promise.race([trained, second.ended]);
      await place.when(name, ({ status }) => status.verdict === "Published");
    }
    const { status } = await place.run(name);
    expect(status).toMatchObject({ verdict: "Published", version: reportOf(run).version });
    expect(status.attempts).toHaveLength(1);
    expect(await place.jobs()).toHaveLength(before + 1);
  },
  90_000,
);

/** What the kubelet does, whenever there is a Pod. */
async function train(name: string): Promise<void> {
  const run = await place.run(name);
  const pod = await place.kubelet.podOf(`rr-${run.metadata.uid.slice(0, 10)}-1`);
  await place.kubelet.run(pod);
  await place.whenProgressing(name, "Running");
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
}
