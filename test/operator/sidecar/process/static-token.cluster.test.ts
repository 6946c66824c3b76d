import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { ask, startSidecarScene, type SidecarScene } from "./sidecar-scene.ts";

const token = "0123456789abcdef0123456789abcdef";
let scene: SidecarScene;
let directory: string;
beforeAll(async () => {
  scene = await startSidecarScene("bikes");
  directory = await mkdtemp(path.join(tmpdir(), "sidecar-"));
  await writeFile(path.join(directory, "token"), token);
}, 60_000);
afterAll(async () => {
  await rm(directory, { recursive: true });
  await scene[Symbol.asyncDispose]();
});

test("whoever has the static token may do what RBAC allows its user, also where metrics are closed", async () => {
  const env = { STATIC_TOKEN_FILE: path.join(directory, "token"), METRICS_ACCESS: "token" };
  const { url, metricsUrl } = await scene.sidecar({ env });
  const metrics = (given?: string) =>
    ask(`${metricsUrl}/metrics`, given === undefined ? {} : { token: given });

  expect((await ask(`${url}/api/runs`, { token: `${token}0` })).status).toBe(401);
  expect(await (await ask(`${url}/api/models`, { token })).json()).toMatchObject({
    status: 403,
    detail: 'User "retrain:static" cannot list resource "retrainruns" in the namespace "bikes"',
  });
  expect((await metrics()).status).toBe(401);
  expect((await metrics(scene.tokens.edit)).status).toBe(403);

  await scene.plane.kubectl(["create", "clusterrole", "scrape", "--verb=get", "--non-resource-url=/metrics"]);
  await scene.plane.kubectl([
    "create",
    "clusterrolebinding",
    "scrape",
    "--clusterrole=scrape",
    "--user=retrain:static",
  ]);
  await whenAllowed();
  const answer = await metrics(token);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("retrain_http_requests_total");
}, 60_000);

/** The API server hears of a binding a little later. */
async function whenAllowed(): Promise<void> {
  const values = ["auth", "can-i", "get", "/metrics", "--as=retrain:static"];
  while (!(await scene.plane.kubectl(values).catch(() => "no")).startsWith("yes")) await setTimeout(100);
}
