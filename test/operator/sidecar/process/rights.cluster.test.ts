import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { builtInModel } from "../../../../contract/defaults.ts";
import type { SidecarProcess } from "../../../support/sidecar-process.ts";
import type { UserRights } from "../../../support/sidecar-rights.ts";
import { ask, startSidecarScene, type SidecarScene } from "./sidecar-scene.ts";

const namespace = "bikes";
let scene: SidecarScene;
let sidecar: SidecarProcess;
beforeAll(async () => {
  scene = await startSidecarScene(namespace);
  await scene.place.create("there");
  sidecar = await scene.sidecar();
}, 60_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

/** Whether the API server allows it, by its own tool. */
async function canI(user: string, [verb = "", what = "", subresource]: readonly string[]): Promise<boolean> {
  const who = `--as=system:serviceaccount:${namespace}:${user}`;
  const below = subresource === undefined ? [] : [`--subresource=${subresource}`];
  try {
    await scene.plane.kubectl([
      "auth",
      "can-i",
      verb,
      what,
      ...below,
      who,
      `--namespace=${namespace}`,
      "--quiet",
    ]);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.message !== "") throw error;
    return false;
  }
}

const runs = "retrainruns.retrain.velo";
const calls: readonly (readonly [call: string, body: object | undefined, ...rights: readonly string[][]])[] =
  [
    ["/api/models", undefined, ["list", runs]],
    ["/api/runs", undefined, ["list", runs]],
    ["/api/runs/there", undefined, ["get", `${runs}/there`]],
    ["/api/runs/there/events", undefined, ["get", `${runs}/there`]],
    ["/api/runs/there/logs", undefined, ["get", "pods", "log"]],
    ["/api/train", {}, ["create", runs]],
    ["/api/train", { force: { reason: "why" } }, ["create", runs], ["create", runs, "force"]],
    ["/api/runs/there/cancel", {}, ["patch", `${runs}/there`]],
    [
      `/api/models/${builtInModel}/restore`,
      { version: "20260101T000000Z-aaaaaaaa", reason: "why" },
      ["create", runs, "restore"],
    ],
  ];
const users: readonly UserRights[] = ["none", "view", "edit"];
const table = calls.flatMap(([path, body, ...rights]) =>
  users.map((user) => ({ call: `${body === undefined ? "GET" : "POST"} ${path}`, path, body, user, rights })),
);

describe("the sidecar allows what the cluster allows", () => {
  test.each(table)("$call with the rights $user", async ({ path, body, user, rights }) => {
    const allowed = await Promise.all(rights.map((right) => canI(user, right)));
    const answer = await ask(`${sidecar.url}${path}`, { token: scene.tokens[user], body });
    await answer.body?.cancel();
    expect({ status: answer.status, refused: answer.status === 403 }).toEqual({
      status: answer.status,
      refused: allowed.includes(false),
    });
    expect([401, 500, 503]).not.toContain(answer.status);
  });

  test("and somebody has a right that another one has not", async () => {
    expect(await canI("edit", ["create", runs])).toBe(true);
    expect(await canI("view", ["create", runs])).toBe(false);
    expect(await canI("view", ["list", runs])).toBe(true);
    expect(await canI("none", ["list", runs])).toBe(false);
  }, 60_000);

  test("the refusal names the right as kubectl does", async () => {
    const answer = await ask(`${sidecar.url}/api/train`, { token: scene.tokens.view, body: {} });
    expect(await answer.json()).toMatchObject({
      status: 403,
      detail: `User "system:serviceaccount:${namespace}:view" cannot create resource "retrainruns" in the namespace "${namespace}"`,
    });
  });

  test.each(calls.filter(([, body]) => body !== undefined))(
    "nobody creates anything by POST %s without a token",
    async (path, body) => {
      const before = await names();
      const answer = await ask(`${sidecar.url}${path}`, { body });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /u);
      expect(await names()).toEqual(before);
    },
  );

  test("no token is in the log, and each answer is one line with the request's id", async () => {
    const token = scene.tokens.edit;
    await ask(`${sidecar.url}/api/runs?model=${builtInModel}&limit=3`, {
      token,
      headers: { "x-request-id": "mine-1" },
    });
    const line = await sidecar.saw((each) => each["requestId"] === "mine-1");
    expect(line).toMatchObject({
      path: "/api/runs",
      code: 200,
      user: `system:serviceaccount:${namespace}:edit`,
    });
    const log = JSON.stringify(sidecar.log());
    for (const each of Object.values(scene.tokens)) expect(log).not.toContain(each.split(".")[2]);
  });
});

async function names(): Promise<readonly string[]> {
  const said = await scene.plane.kubectl(["get", runs, `--namespace=${namespace}`, "--output=name"]);
  return said.trim().split("\n");
}
