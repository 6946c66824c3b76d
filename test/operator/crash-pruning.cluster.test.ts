import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";

import type { Access } from "../../hack/cluster/api.ts";
import { startOperator, type OperatorCall } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";

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

const moments = ["delete retrainruns 1"].flatMap((write) => [`before ${write}`, `after ${write}`]);
const nameOf = (crashAt: string): string => crashAt.replaceAll(/[ /]/gu, "-");
const models = moments.map(nameOf);

const call = (): OperatorCall => ({
  access,
  namespace: "crash",
  configuration: {
    models: Object.fromEntries(models.map((model) => [model, {}])),
    keepRuns: { succeeded: 1, failed: 1 },
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
  "killed %s, one run has gone and no other",
  async (crashAt) => {
    const model = nameOf(crashAt);
    for (const month of ["01", "02"]) {
      const name = `${model}-${month}`;
      await place.create(name, { model, suspend: true });
      const completionTime = `2026-${month}-01T00:00:00Z`;
      await place.patchStatus(name, { verdict: "Failed", reason: "Bug", completionTime });
    }
    await using operator = await killed(crashAt);
    await place.until(async () => !(await runs()).includes(`${model}-01`));
    // A run that the operator has seen since shows that it removes no more.
    await place.create(`${model}-03`, { model, suspend: true });
    await place.whenProgressing(`${model}-03`, "Suspended");
    expect((await runs()).filter((name) => name.startsWith(model))).toEqual([`${model}-02`, `${model}-03`]);
    expect(operator.log().some(({ level }) => level === "error")).toBe(false);
  },
  60_000,
);

const RunList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

async function runs(): Promise<readonly string[]> {
  const { object } = await scene.plane.ask("/apis/retrain.velo/v1alpha1/namespaces/crash/retrainruns");
  return RunList.parse(object)
    .items.map(({ metadata }) => metadata.name)
    .toSorted();
}
