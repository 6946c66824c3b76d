import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { ask, startSidecarScene, type SidecarScene } from "./sidecar-scene.ts";

let scene: SidecarScene;
beforeAll(async () => {
  scene = await startSidecarScene("bikes");
  await scene.place.create("there");
}, 60_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

describe("after SIGTERM", () => {
  test("a request that was accepted is answered, a stream ends, and the process with 0", async () => {
    const sidecar = await scene.sidecar();
    const { port } = new URL(sidecar.url);
    const stream = await ask(`${sidecar.url}/api/runs/there/events`, { token: scene.tokens.view });
    expect(stream.status).toBe(200);
    const slow = connect(Number(port), "127.0.0.1");
    await once(slow, "connect");
    slow.write(
      `POST /api/runs/there/cancel HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${scene.tokens.edit}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{`,
    );
    await ask(`${sidecar.url}/healthz`);
    sidecar.kill("SIGTERM");
    await sidecar.saw(({ message }) => message.startsWith("SIGTERM"));
    await expect(stream.text()).resolves.toContain("event:");
    slow.write("}");
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 202 /u);
    expect(await sidecar.ended).toMatchObject({ exitCode: 0, signal: null, stderr: "" });
    expect((await scene.place.run("there")).spec.cancel).toBe(true);
  }, 30_000);

  test("nobody is connected any more", async () => {
    const sidecar = await scene.sidecar();
    sidecar.kill("SIGTERM");
    await sidecar.ended;
    await expect(ask(`${sidecar.url}/healthz`)).rejects.toThrow();
  }, 30_000);
});

describe("who cannot start says why", () => {
  test("a static token that is too short", async () => {
    const started = scene.sidecar({ env: { STATIC_TOKEN_FILE: "/etc/hostname" } });
    await expect(started).rejects.toThrow(/Cannot use STATIC_TOKEN_FILE .* expected 32 at least/u);
  }, 30_000);
});
