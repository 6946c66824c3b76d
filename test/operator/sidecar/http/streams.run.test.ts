import { describe, expect, test } from "@jest/globals";

import { startApp, type AppScene } from "./app-scene.ts";

const streamLimits = { mostOfUser: 2, recheckMilliseconds: 50 };
const read = (scene: AppScene, options: RequestInit = {}): Promise<Response> =>
  fetch(`${scene.url}/api/ticks`, { headers: { authorization: "Bearer anna" }, ...options });
const why = ({ lines }: AppScene): unknown[] =>
  lines.filter(({ message }) => message.startsWith("A stream ends")).map((line) => line["why"]);

describe("a stream ends", () => {
  test.each([
    ["when its reader's token is good no longer", "knows no token", "The token has expired"],
    [
      "when its reader's right is taken away",
      "grants nothing",
      'User "anna" cannot get resource "retrainruns" in the namespace "bikes"',
    ],
  ] as const)("%s", async (_, cluster, told) => {
    await using scene = await startApp({ streamLimits });
    const answer = await read(scene);
    expect(answer.status).toBe(200);
    scene.cluster = cluster;
    expect(await answer.text()).toMatch(/^(?:tick\n)+end\n$/u);
    expect(why(scene)).toEqual([told]);
  });

  test("not when nobody can say who may read it", async () => {
    await using scene = await startApp({ streamLimits });
    const answer = await read(scene);
    scene.cluster = "is away";
    let heard = "";
    for await (const text of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      heard += text;
      if (heard.length > 100) break;
    }
    expect(heard).toMatch(/^(?:tick\n)+$/u);
    expect(why(scene)).toEqual([]);
  });

  test("at once when only its head was asked for", async () => {
    await using scene = await startApp({ streamLimits });
    const head =
      "HEAD /api/ticks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anna\r\nConnection: close\r\n\r\n";
    expect(await scene.raw(head)).toMatch(/^HTTP\/1\.1 200 [^]*Content-Type: text\/plain[^]*\r\n\r\n$/u);
  });
});

test("a user has only so many streams at once", async () => {
  await using scene = await startApp({ streamLimits });
  const leaving = new AbortController();
  const first = await read(scene, { signal: leaving.signal });
  const second = await read(scene);
  expect([first.status, second.status]).toEqual([200, 200]);
  const refused = await read(scene);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  expect(await refused.json()).toMatchObject({ type: "urn:retrain:too-many-streams" });
  leaving.abort();
  while (!scene.seen.some(({ code }) => code === 200)) await new Promise(setImmediate);
  const next = await read(scene);
  expect(next.status).toBe(200);
  scene.cluster = "grants nothing";
  await Promise.all([second.text(), next.text()]);
});
