import { describe, expect, test } from "@jest/globals";

import { startApp } from "./app-scene.ts";

const ask = (url: string, user: string): Promise<Response> =>
  fetch(`${url}/api/things`, { headers: { authorization: `Bearer ${user}` } });

describe("limits", () => {
  test("of requests are each user's own, and come before rights", async () => {
    await using scene = await startApp({ ratePerMinute: 3 });
    for (const user of ["anna", "bert"]) {
      const answers = [];
      for (let count = 0; count < 4; count++) answers.push(await ask(scene.url, user));
      const first = user === "anna" ? 200 : 403;
      expect(answers.map(({ status }) => status)).toEqual([first, first, first, 429]);
      expect(Number(answers[3]?.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await answers[3]?.json()).toMatchObject({ status: 429, type: "urn:retrain:too-many-requests" });
    }
  });

  test("of headers", async () => {
    await using scene = await startApp();
    expect(await scene.raw(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(9000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /u,
    );
  });

  test("of patience with headers, and with a body, that do not come", async () => {
    await using scene = await startApp({ limits: { requestMilliseconds: 300 } });
    expect(await scene.raw("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")).toMatch(/^HTTP\/1\.1 408 /u);
    const body = await scene.raw(
      "POST /api/things/may HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anna\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    );
    expect(body).toMatch(/^HTTP\/1\.1 4\d\d /u);
  });

  test("of connections", async () => {
    await using scene = await startApp({ limits: { connections: 2, requestMilliseconds: 2000 } });
    const held = [1, 2].map(() => scene.raw("GET / HTTP/1.1\r\nHost: x\r\n"));
    expect(await scene.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).toBe("");
    expect(await Promise.all(held)).toEqual([expect.stringContaining("408"), expect.stringContaining("408")]);
  });
});
