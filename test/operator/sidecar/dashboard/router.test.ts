import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "@jest/globals";
import express from "express";

import { dashboardRouter } from "../../../../operator/sidecar/dashboard/router.ts";

/** Does something with the URL of a server that has nothing but the page. */
async function served<T>(use: (url: string) => Promise<T>): Promise<T> {
  const app = express().use(dashboardRouter({ version: "1.2.3<b>", audience: "velo" }));
  await using server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
}

test("the page has its version and audience as text, and neither script nor style in it", () =>
  served(async (url) => {
    const response = await fetch(url);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    const html = await response.text();
    expect(html).toContain("retrain-operator 1.2.3&lt;b&gt;");
    expect(html).toContain("--audience=velo");
    expect(html).not.toMatch(/<script[^>]*>[^<]|<style|\sstyle=|\son\w+=|javascript:|https?:/u);
  }));

test("whatever the page and its scripts ask for is there, with its type", () =>
  served(async (url) => {
    const html = await (await fetch(url)).text();
    const asked = [...html.matchAll(/(?:href|src)="(assets\/[^"]+)"/gu)].map(([, path = ""]) => path);
    const seen = new Set<string>();
    for (let path = asked.pop(); path !== undefined; path = asked.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await fetch(`${url}/${path}`);
      const type = { js: "text/javascript", css: "text/css", svg: "image/svg+xml" }[
        /\w+$/u.exec(path)?.[0] ?? ""
      ];
      expect([path, response.status, response.headers.get("Content-Type")?.split(";")[0]]).toEqual([
        path,
        200,
        type,
      ]);
      for (const [, name = ""] of (await response.text()).matchAll(/from "\.\/([^"]+)"/gu))
        asked.push(`assets/${name}`);
    }
    expect([...seen]).toContain("assets/server-sent.js");
  }));

test("a browser that has a file hears that nothing has changed", () =>
  served(async (url) => {
    const first = await fetch(`${url}/assets/main.js`);
    const etag = first.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[\w-]{22}"$/u);
    // Not with fetch(), which asks past all caches when it is given a condition.
    const asked = get(`${url}/assets/main.js`, { agent: false, headers: { "If-None-Match": etag } });
    const [again] = (await once(asked, "response")) as [IncomingMessage];
    again.resume();
    expect(again.statusCode).toBe(304);
  }));

test.each(["tsconfig.json", "nothing.js", "..%2frouter.ts", "%2e%2e%2frouter.ts"])(
  "%s is not served",
  (name) =>
    served(async (url) => {
      expect((await fetch(`${url}/assets/${name}`)).status).toBe(404);
    }),
);
