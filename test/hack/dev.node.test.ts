import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { startNode, type TestNode } from "../support/node.ts";

jest.setTimeout(180_000);
const namespace = "retrain-dev";
const project = path.join(import.meta.dirname, "..", "..");
/** Three small trees in the place of a search. */
const run = {
  apiVersion: "retrain.velo/v1alpha1",
  kind: "RetrainRun",
  metadata: { name: "first" },
  spec: { training: { grid: { maxDepth: [3], learningRate: [0.1], rounds: [100] } } },
};

let node: TestNode;
beforeAll(async () => {
  node = await startNode([]);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

test("npm run dev carries out a run that is created, takes the example, and ends with Ctrl-C", async () => {
  const dev = startDev(["--stations=8", "--years=1"]);
  const ended = once(dev, "exit");
  try {
    await saidBy(dev, "In another terminal:");
    const inNamespace = `--namespace=${namespace}`;
    const example = path.join(project, "docs", "examples", "retrainrun.yaml");
    await node.kubectl(["apply", "--dry-run=server", `--filename=${example}`]); // The namespace stands in the kubeconfig.

    await node.kubectl(["create", inNamespace, "--filename=-"], JSON.stringify(run));
    const name = "retrainrun/first";
    await node.kubectl(["wait", "--for=condition=Finished", "--timeout=150s", inNamespace, name]);
    const verdict = await node.kubectl(["get", inNamespace, name, "--output=jsonpath={.status.verdict}"]);
    expect(verdict).toBe("Published");
  } finally {
    if (dev.exitCode === null) process.kill(-(dev.pid ?? 0), "SIGINT"); // As a terminal does: to the whole group.
    await ended;
  }
  expect(dev.exitCode).toBe(0);
  await expect(knock(await databaseUrl())).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

function startDev(values: readonly string[]): ChildProcess {
  const env = { ...process.env, KUBECONFIG: node.kubeconfig };
  const main = path.join(project, "hack", "dev.ts");
  return spawn(process.execPath, [main, ...values], {
    stdio: ["ignore", "ignore", "pipe"],
    env,
    detached: true,
  });
}

/** Throws with all that was said when the process ends without these words. */
async function saidBy({ stderr }: ChildProcess, words: string): Promise<void> {
  const lines: string[] = [];
  if (stderr === null) throw new Error("It has no stderr");
  const reader = createInterface({ input: stderr });
  for await (const line of reader) {
    lines.push(line);
    if (line.includes(words)) {
      stderr.resume(); // Or it would wait for somebody to read on.
      return;
    }
  }
  throw new Error(lines.join("\n"));
}

async function databaseUrl(): Promise<URL> {
  const secret = [
    "get",
    "secret/retrain-database",
    `--namespace=${namespace}`,
    "--output=jsonpath={.data.DATABASE_URL}",
  ];
  return new URL(Buffer.from(await node.kubectl(secret), "base64").toString());
}

async function knock({ hostname, port }: URL): Promise<void> {
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.destroy();
}
