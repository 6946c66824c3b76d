import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";

import { keepSteadyNode } from "../support/steady-node.ts";
import { quick, startNodeScene, type NodePlace, type NodeScene } from "./node-scene.ts";

jest.setTimeout(600_000);
const tolerationSeconds = 20;
const tolerations = ["not-ready", "unreachable"].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds,
}));
const outOfService = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

let scene: NodeScene;
let place: NodePlace;
let kubelet: number;
let steady: AsyncDisposable;
beforeAll(async () => {
  scene = await startNodeScene();
  steady = await keepSteadyNode(scene.node);
  place = await scene.place("lost", { pod: { tolerations, terminationGracePeriodSeconds: 5 } });
  kubelet = await pidOf("kubelet");
});
afterEach(() => {
  process.kill(kubelet, "SIGCONT");
});
afterAll(async () => {
  await steady[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

/** Of the program itself: it was started by one that entered the node's namespaces, and that is written down. */
async function pidOf(program: string): Promise<number> {
  const pids = await readFile(path.join(scene.node.directory, "pids"), "utf8");
  const [, pid = ""] = new RegExp(`^${program} (\\d+)$`, "mu").exec(pids) ?? [];
  return Number(await readFile(`/proc/${pid}/task/${pid}/children`, "utf8"));
}

test("a run whose node goes away gets no second Job before its Pod is known to have ended, and then one retry", async () => {
  await place.create("lost", { training: quick });
  await place.whenProgressing("lost", "Running");
  process.kill(kubelet, "SIGSTOP");
  await place.whenProgressing("lost", "WaitingForOldPod");
  // Another run of the model would be the second writer.
  await place.create("other", { training: quick });
  await place.whenProgressing("other", "Queued");
  expect(await place.jobs()).toHaveLength(1);
  expect((await place.run("lost")).status.attempts).toMatchObject([{ startedAt: expect.any(String) }]);

  await scene.node.kubectl(["taint", "node", "node", outOfService]);
  const { status } = await place.whenProgressing("lost", "BackingOff");
  expect(status).toMatchObject({
    attempts: [{ reason: "Disrupted" }],
    failures: { counted: 0, disruptions: 1 },
  });
});

test("once the node is back, the retry says what the first trainer published unheard: one version", async () => {
  await scene.node.kubectl(["taint", "node", "node", `${outOfService}-`]);
  await place.retryNow("lost");
  const { status } = await place.whenOver("lost");
  expect(status).toMatchObject({
    verdict: "Published",
    attempts: [{ reason: "Disrupted" }, { exitCode: 0 }],
  });
  const versions = path.join(await place.models(), "bike-traffic", "versions");
  expect(await readdir(versions)).toEqual([status.version]);
});
