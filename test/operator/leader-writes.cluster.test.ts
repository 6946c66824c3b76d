import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { startFaultProxy } from "../support/fault-proxy.ts";
import { startOperator, type OperatorProcess } from "../support/operator-process.ts";
import type { Place } from "./place.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let place: Place;
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  scene = stack.use(await startScene());
  place = await scene.place("writes");
}, 120_000);
afterAll(async () => {
  await stack.disposeAsync();
});

interface Recorded {
  readonly operator: OperatorProcess;
  /** Each write that has left the process, but for those about the Lease. */
  readonly writes: readonly string[];
}

/** An operator whose requests all go through a proxy of its own, which writes them down. */
async function recorded(): Promise<Recorded> {
  const proxy = stack.use(await startFaultProxy(await scene.account("writes", ["writes"])));
  const writes: string[] = [];
  stack.use(
    proxy.inject({ kind: "drop" }, ({ method, path }) => {
      if (method !== "GET" && !path.includes("/leases")) writes.push(`${method} ${path}`);
      return false;
    }),
  );
  const operator = stack.use(
    await startOperator({
      access: proxy.access,
      namespace: "writes",
      configuration: { models: { bikes: {}, trams: {} } },
      env: { LEASE_SECONDS: "3" },
    }),
  );
  return { operator, writes };
}
const leads = ({ operator }: Recorded): Promise<unknown> =>
  operator.saw(({ message }) => message === "This process leads the namespace");

test("of two operators only the one that leads writes, also when the other was stopped past its Lease", async () => {
  const first = await recorded();
  await leads(first);
  const bikes = await place.create("bikes", { model: "bikes" });
  const pod = await place.podOf("bikes");
  await place.kubelet.run(pod);
  await place.whenProgressing("bikes", "Running");
  const second = await recorded();

  first.operator.kill("SIGSTOP");
  await leads(second);
  const before = first.writes.length;
  // Both have work to do when the first one goes on: an end to write down, and a Job to create.
  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(bikes) });
  await place.create("trams", { model: "trams" });
  first.operator.kill("SIGCONT");
  await first.operator.saw(({ message }) => message === "This process no longer leads the namespace");
  await place.whenOver("bikes");
  await place.podOf("trams");
  await place.untilTold("trams", "AttemptStarted");

  expect(before).toBeGreaterThan(0);
  expect(first.writes.slice(before)).toEqual([]);
  expect(
    second.writes.filter((write) => write === "POST /apis/batch/v1/namespaces/writes/jobs"),
  ).toHaveLength(1);
  expect(second.writes).toContain(
    "PATCH /apis/retrain.velo/v1alpha1/namespaces/writes/retrainruns/bikes/status",
  );
  expect(await place.jobs()).toHaveLength(2);
}, 90_000);
