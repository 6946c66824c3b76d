import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { z } from "zod";

import { call, type Access } from "../../hack/cluster/api.ts";
import { startOperator } from "../support/operator-process.ts";
import { startScene, type Scene } from "./scene.ts";
import { reportOf } from "./trainer-report.ts";

let scene: Scene;
let directory: string;
beforeAll(async () => {
  scene = await startScene();
  directory = await mkdtemp(path.join(tmpdir(), "rotated-token-"));
}, 120_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
}, 30_000);

const TokenRequest = z.object({ status: z.object({ token: z.string() }) });
const secrets = "/api/v1/namespaces/rotated/secrets";

/** A token of the ServiceAccount that is good as long as this Secret is there. */
async function tokenBoundTo(secret: string): Promise<string> {
  await scene.plane.ask(secrets, { method: "POST", body: { metadata: { name: secret } } });
  const { object } = await scene.plane.ask("/api/v1/namespaces/rotated/serviceaccounts/operator-0/token", {
    method: "POST",
    body: { spec: { boundObjectRef: { kind: "Secret", apiVersion: "v1", name: secret } } },
  });
  return TokenRequest.parse(object).status.token;
}

/** Replaces the file at once, as the kubelet does. */
async function writeKubeconfig(file: string, { url, ca, token }: Access): Promise<void> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "one",
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: "one", user: { token } }],
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    "current-context": "one",
  };
  await writeFile(`${file}.next`, stringify(config), { mode: 0o600 });
  await rename(`${file}.next`, file);
}

test("an operator whose token is replaced while it runs goes on with the new one when the old one is no longer good", async () => {
  const place = await scene.place("rotated");
  const access = await scene.account("rotated", ["rotated"]);
  const old = { ...access, token: await tokenBoundTo("old") };
  const file = path.join(directory, "kubeconfig");
  await writeKubeconfig(file, old);
  await using operator = await startOperator({ access, namespace: "rotated", env: { KUBECONFIG: file } });
  const run = await place.create("run");
  const pod = await place.podOf("run");

  await writeKubeconfig(file, { ...access, token: await tokenBoundTo("new") });
  await scene.plane.ask(`${secrets}/old`, { method: "DELETE" });
  // The API server remembers for some seconds that a token was good.
  const runs = "/apis/retrain.velo/v1alpha1/namespaces/rotated/retrainruns";
  await place.until(async () => (await call(old, runs)).status === 401);

  await place.kubelet.end(pod, { exitCode: 0, message: reportOf(run) });
  expect(await place.whenOver("run")).toMatchObject({ status: { verdict: "Published" } });
  expect(await place.jobs()).toHaveLength(1);
  const metrics = await (await fetch(`${operator.url}/metrics`)).text();
  expect(metrics).not.toMatch(/code="401"/u);
}, 90_000);
