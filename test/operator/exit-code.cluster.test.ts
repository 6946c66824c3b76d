import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { startOperator, type OperatorProcess } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";

let scene: Scene;
let place: Place;
beforeAll(async () => {
  scene = await startScene();
  place = await scene.place("exit");
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

/** An operator that comes to the fault with the first Job that it creates. */
async function faulty(fault: string): Promise<OperatorProcess> {
  const access = await scene.account("exit", ["exit"]);
  const program = "test/support/faulty-operator.ts";
  const configuration = { models: { endless: {}, uncaught: {} } };
  const env = { FAULT: fault, LEASE_SECONDS: "2" };
  const operator = await startOperator({ access, namespace: "exit", configuration, program, env });
  await place.create(fault, { model: fault });
  return operator;
}

test("an error that nobody has caught ends the process with exit code 1 and one line", async () => {
  await using operator = await faulty("uncaught");
  expect(await operator.ended).toMatchObject({ exitCode: 1, stderr: "" });
  const errors = operator.log().filter(({ level }) => level === "error");
  expect(errors).toMatchObject([{ message: "The operator ends: nobody has caught this error" }]);
  await place.remove("retrainruns", "uncaught");
}, 60_000);

test("a pass that does not end within 25 s of SIGTERM is given up, with exit code 1", async () => {
  await using operator = await faulty("endless");
  await place.when("endless", ({ metadata }) => metadata.annotations?.["retrain.velo/started"] !== undefined);
  const asked = Date.now();
  operator.kill("SIGTERM");
  expect(await operator.ended).toMatchObject({ exitCode: 1 });
  const seconds = (Date.now() - asked) / 1000;
  expect(seconds).toBeGreaterThan(24);
  // Before Kubernetes kills it.
  expect(seconds).toBeLessThan(30);
  expect(operator.log().at(-1)).toMatchObject({ message: expect.stringMatching(/middle of a pass/u) });
}, 90_000);
