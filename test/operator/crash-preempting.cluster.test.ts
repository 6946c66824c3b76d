import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { Access } from "../../hack/cluster/api.ts";
import type { Pod } from "../support/kubelet.ts";
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

const moments = ["patch retrainruns 1", "patch jobs 1"].flatMap((write) => [
  `before ${write}`,
  `after ${write}`,
]);
const nameOf = (crashAt: string): string => crashAt.replaceAll(/[ /]/gu, "-");
const models = moments.map(nameOf);

const call = (): OperatorCall => ({
  access,
  namespace: "crash",
  configuration: {
    models: Object.fromEntries(models.map((model) => [model, {}])),
  },
  // A Lease that nobody renews expires soon.
  env: { LEASE_SECONDS: "2" },
});

/** An operator that is killed there, and a second one that goes on. */
async function killed(crashAt: string): ReturnType<typeof startOperator> {
  const { env } = call();
  const program = "test/support/crashing-operator.ts";
  await using operator = await startOperator({ ...call(), program, env: { ...env, CRASH_AT: crashAt } });
  expect(await operator.ended).toMatchObject({ signal: "SIGKILL" });
  return await startOperator(call());
}

test.each(moments)(
  "killed %s, the run is cancelled for the restore, which gets its turn",
  async (crashAt) => {
    const model = nameOf(crashAt);
    const pod = await training(model);
    // It goes on once there is something to crash at.
    await place.create(`${model}-r`, { model, restore: { version: "v1", reason: "better", preempt: true } });
    await using operator = await killed(crashAt);
    await place.until(async () => (await place.jobs()).some(isStopped(pod)));
    const { spec, ...run } = await place.run(model);
    expect(spec.cancel).toBe(true);
    const told = reportOf(
      { spec, ...run },
      { verdict: "Cancelled", reason: "Terminated", message: "Stopped" },
    );
    await place.kubelet.end(pod, { exitCode: 143, message: told });
    const { status } = await place.whenOver(model);
    await place.kubelet.remove(pod);
    expect(status).toMatchObject({ verdict: "Cancelled", attempts: [{ exitCode: 143 }] });
    expect(status.attempts).toHaveLength(1);
    await place.podOf(`${model}-r`);
    expect(operator.log().some(({ level }) => level === "error")).toBe(false);
  },
  60_000,
);

/** A run whose trainer runs, and no operator. */
async function training(model: string): Promise<Pod> {
  await using operator = await startOperator(call());
  await operator.saw(({ message }) => message === "This process leads the namespace");
  await place.create(model, { model });
  const pod = await place.podOf(model);
  await place.kubelet.bind(pod);
  await place.kubelet.run(pod);
  await place.whenProgressing(model, "Running");
  return pod;
}

const isStopped =
  (pod: Pod) =>
  ({ metadata, spec }: Awaited<ReturnType<Place["jobs"]>>[number]): boolean =>
    pod.metadata.name.startsWith(metadata.name) && spec.suspend === true;
