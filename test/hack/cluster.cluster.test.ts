import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { call } from "../../hack/cluster/api.ts";
import { runningDaemons } from "../../hack/cluster/processes.ts";
import { startControlPlane, type TestControlPlane } from "../support/control-plane.ts";

describe("a control plane", () => {
  let plane: TestControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  }, 60_000);
  afterAll(async () => {
    await plane[Symbol.asyncDispose]();
  });

  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  const pods = "/api/v1/namespaces/default/pods";

  test("has a kubeconfig that only its owner may read, and that may do everything", async () => {
    expect((await stat(plane.kubeconfig)).mode & 0o777).toBe(0o600);
    expect(await plane.kubectl(["auth", "can-i", "*", "*"])).toBe("yes\n");
  });

  test("lets nobody in without a token", async () => {
    expect(await call({ ...plane, token: "other" }, pods)).toMatchObject({ status: 401 });
  });

  test("asks RBAC about a service account", async () => {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { object } = await plane.ask(`${accounts}/default/token`, { method: "POST", body });
    const { token } = object["status"] as { token: string };
    expect(await call({ ...plane, token }, pods)).toMatchObject({ status: 403 });
    const grant = "create clusterrolebinding view --clusterrole=view --serviceaccount=default:default";
    await plane.kubectl(grant.split(" "));
    await until(async () => (await call({ ...plane, token }, pods)).status === 200);
  });

  test("runs the Job controller: a Job has a Pod, which waits for a node, and goes with its owner", async () => {
    await plane.kubectl(["create", "job", "one", "--image=localhost/none:1"]);
    const phases = () =>
      plane.kubectl(["get", "pods", "-l", "job-name=one", "-o", "jsonpath={.items[*].status.phase}"]);
    await until(async () => (await phases()) === "Pending");
    await plane.kubectl(["delete", "job", "one"]);
    await until(async () => (await phases()) !== "Pending");
    expect(await phases()).toBe("");
  });

  test("stands beside another one, which ends without it", async () => {
    const other = await startControlPlane();
    const daemons = await runningDaemons(other.directory);
    expect(other.url).not.toBe(plane.url);
    await other[Symbol.asyncDispose]();
    expect(daemons.map(({ name }) => name)).toEqual(["etcd", "kube-apiserver", "kube-controller-manager"]);
    expect(await runningDaemons(other.directory)).toEqual([]);
    expect(await call(plane, "/readyz")).toMatchObject({ status: 200, text: "ok" });
  }, 60_000);
});

test("up, status and down: what up started lives until down", async () => {
  const below = await mkdtemp(path.join(tmpdir(), "cluster-cli-"));
  const cluster = async (command: string): Promise<string> => {
    const main = path.join(import.meta.dirname, "..", "..", "hack", "cluster.ts");
    const env = { ...process.env, TMPDIR: below };
    return (await promisify(execFile)(process.execPath, [main, command], { env })).stdout.trim();
  };
  try {
    const [, kubeconfig = ""] = /^export KUBECONFIG=(.+)$/u.exec(await cluster("up")) ?? [];
    expect(await cluster("status")).toContain(`until down\n  etcd `);
    expect(await cluster("status")).toContain(kubeconfig);
    expect(await runningDaemons(path.dirname(kubeconfig))).toHaveLength(3);
  } finally {
    expect(await cluster("down")).toMatch(/^ended /u);
    expect(await cluster("status")).toBe("no control plane runs");
    expect(await readdir(below)).toEqual([]);
    await rm(below, { recursive: true });
  }
}, 60_000);

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(50);
}
