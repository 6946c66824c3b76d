import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rmdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { nodeBinarySearch } from "../../hack/cluster.ts";
import { findBinaries } from "../../hack/cluster/binaries.ts";
import { startNode as start } from "../../hack/cluster/node.ts";
import { runningDaemons } from "../../hack/cluster/processes.ts";
import { startNode, type TestNode } from "../support/node.ts";
import { endOf, restrictedJob, runningPod } from "./node-jobs.ts";
import { firewall, tracesOf } from "./node-traces.ts";

jest.setTimeout(180_000);
const namespace = "bikes";

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
  await node.makeNamespace(namespace);
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
const create = async (body: object): Promise<void> => {
  const { status, message } = await node.ask(jobs, { method: "POST", body });
  expect({ status, message }).toEqual({ status: 201, message: "" });
};
const shell = (script: string) => ({ command: ["/bin/sh", "-c", script] });

test("a node runs the programs of a real one", async () => {
  expect((await runningDaemons(node.directory)).map(({ name }) => name)).toEqual([
    "containerd",
    "namespaces",
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kubelet",
    "kube-proxy",
    "kube-scheduler",
  ]);
});

test("it runs a Job whose user writes on a claim, and shows its log", async () => {
  await node.makeClaim(namespace, "models");
  await create(restrictedJob("write", shell("echo said; id -u >/models/user"), "models"));
  const { pod, ...end } = await endOf(node, namespace, "write");
  expect(end).toMatchObject({ exitCode: 0, reason: "Completed" });
  const file = path.join(await node.pathOf(namespace, "models"), "user");
  expect(await readFile(file, "utf8")).toBe("65532\n");
  expect(await stat(file)).toMatchObject({ uid: 65532, gid: 65532 });
  expect(await node.kubectl(["logs", `--namespace=${namespace}`, pod])).toBe("said\n");
});

test("it kills a container that takes more memory than it may", async () => {
  const takes = "const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1));";
  const resources = { limits: { memory: "128Mi" } };
  await create(restrictedJob("large", { command: ["node", "-e", takes], resources }));
  expect(await endOf(node, namespace, "large")).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
});

test("it lets a Pod reach the API server by its Service, and people reach into the Pod", async () => {
  await create(
    restrictedJob("stay", {
      ...shell("exec sleep 600"),
      env: [{ name: "NODE_TLS_REJECT_UNAUTHORIZED", value: "0" }],
    }),
  );
  const pod = await runningPod(node, namespace, "stay");
  const ask =
    "fetch('https://' + process.env.KUBERNETES_SERVICE_HOST + '/version').then(a => console.log(a.status))";
  const said = await node.kubectl(["exec", `--namespace=${namespace}`, pod, "--", "node", "-e", ask]);
  expect(said).toBe("200\n");
});

test("it refuses a Pod that is not restricted", async () => {
  const words = ["run", "root", `--namespace=${namespace}`, "--image=localhost/pause:1"];
  await expect(node.kubectl(words)).rejects.toThrow(/violates PodSecurity "restricted/);
});

test("it stands beside another one; the one that ends leaves nothing, and the other one alone", async () => {
  const before = await firewall();
  const other = await startNode([]);
  await other.kubectl(["run", "pause", "--image=localhost/pause:1", "--image-pull-policy=Never"]);
  await other.kubectl(["wait", "--for=condition=Ready", "pod/pause", "--timeout=60s"]);
  expect(await tracesOf(other)).toEqual(["directory", "process", "group", "cable"]);
  expect(await firewall()).toBe(before);
  await other[Symbol.asyncDispose]();
  await nothingLeft(other);
  expect(await node.kubectl(["get", "nodes", "--no-headers"])).toMatch(/^node +Ready/);
});

test("up --node, status and down: what up started lives until down", async () => {
  const below = await mkdtemp(path.join(tmpdir(), "cluster-cli-"));
  const cluster = async (...words: readonly string[]): Promise<string> => {
    const main = path.join(import.meta.dirname, "..", "..", "hack", "cluster.ts");
    const env = { ...process.env, TMPDIR: below };
    return (await promisify(execFile)(process.execPath, [main, ...words], { env })).stdout.trim();
  };
  const [, kubeconfig = ""] = /^export KUBECONFIG=(.+)$/u.exec(await cluster("up", "--node")) ?? [];
  const directory = path.dirname(kubeconfig);
  const [, url = ""] = /server: (\S+)/u.exec(await readFile(kubeconfig, "utf8")) ?? [];
  try {
    expect(await cluster("status")).toMatch(/until down\n {2}containerd .*, kubelet .*, kube-scheduler /);
    expect(await tracesOf({ directory, url })).toEqual(["directory", "process", "group", "cable"]);
  } finally {
    expect(await cluster("down")).toBe(`ended ${directory}`);
    await nothingLeft({ directory, url });
    await rmdir(below);
  }
});

test("a start that fails says why and leaves nothing", async () => {
  const below = await mkdtemp(path.join(tmpdir(), "cluster-failed-"));
  const binaries = await findBinaries(nodeBinarySearch(process.env));
  if (binaries === undefined) throw new Error("There are no binaries");
  const images = [{ name: "localhost/none:1", directory: "/nowhere" }];
  await expect(start(binaries, images, below)).rejects.toThrow(
    "Cannot import the image localhost/none:1 from /nowhere",
  );
  await rmdir(below);
});

test("nothing is left by a holder that is killed while a Pod runs", async () => {
  const main = path.join(import.meta.dirname, "cluster-node-owner.ts");
  const owner = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(owner.stdout, "data")) as [Buffer];
  const held = JSON.parse(said.toString()) as { directory: string; url: string };
  expect(await tracesOf(held)).toEqual(["directory", "process", "group", "cable"]);
  owner.kill("SIGKILL");
  await nothingLeft(held);
});

/** Fails by the time limit, with what is left. */
async function nothingLeft(held: Parameters<typeof tracesOf>[0]): Promise<void> {
  for (let tries = 0; tries < 100 && (await tracesOf(held)).length > 0; tries++) await setTimeout(100);
  expect(await tracesOf(held)).toEqual([]);
}
