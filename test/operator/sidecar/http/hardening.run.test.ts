import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startApp, type AppScene } from "./app-scene.ts";

let scene: AppScene;
beforeAll(async () => {
  scene = await startApp();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const json = "Content-Type: application/json";
const uuid = /^[\da-f-]{36}$/u;
const anna = "Authorization: Bearer anna";

interface Sent {
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** The answer to one request as it is written; the body's length is said unless the headers say something about it. */
async function answerTo({ line = "POST /api/things/may", headers = [anna, json], body = "" }: Sent): Promise<{
  status: number;
  headers: string;
  body: Record<string, unknown>;
}> {
  const length = `Content-Length: ${String(Buffer.byteLength(body))}`;
  const isTold = headers.some((each) => /^(?:content-length|transfer-encoding)/iu.test(each));
  const head = [`${line} HTTP/1.1`, "Host: x", "Connection: close", ...headers, ...(isTold ? [] : [length])];
  const said = await scene.raw(`${head.join("\r\n")}\r\n\r\n${body}`);
  const [top = "", ...rest] = said.split("\r\n\r\n");
  const told = rest.join("\r\n\r\n");
  const isProblem = !line.startsWith("HEAD") && /application\/problem\+json/u.test(top);
  return {
    status: Number(top.split(" ")[1]),
    headers: top,
    body: isProblem ? (JSON.parse(told) as Record<string, unknown>) : {},
  };
}

const big = JSON.stringify({ count: 1, more: "x".repeat(17_000) });
const problems: readonly (readonly [string, Sent, number, RegExp])[] = [
  ["a path that there is not", { line: "GET /api/nothing" }, 404, /There is no \/api\/nothing/u],
  ["a path in other letters", { line: "GET /API/things" }, 404, /There is no/u],
  ["another method", { line: "DELETE /api/things" }, 405, /DELETE is not possible here; expected GET/u],
  ["another method on the page", { line: "POST /" }, 405, /expected GET, HEAD/u],
  ["another method where only POST is", { line: "PUT /api/things/may" }, 405, /expected POST/u],
  ["no token", { headers: [json] }, 401, /There is no token/u],
  [
    "another user",
    { headers: ["Authorization: Bearer bert", json] },
    403,
    /User "bert" cannot create resource "retrainruns" "may"/u,
  ],
  ["no rights and a wrong body", { headers: ["Authorization: Bearer bert"], body: "{" }, 403, /cannot/u],
  ["no media type", { headers: [anna], body: "{}" }, 415, /media type of the body is not said/u],
  [
    "a form",
    { headers: [anna, "Content-Type: application/x-www-form-urlencoded"], body: "a=1" },
    415,
    /expected application\/json/u,
  ],
  ["another charset", { headers: [anna, `${json}; charset=utf-16`], body: "{}" }, 415, /utf-16/u],
  ["a compressed body", { headers: [anna, json, "Content-Encoding: gzip"], body: "{}" }, 415, /compressed/u],
  ["a large body", { body: big }, 413, /more than 16384 bytes/u],
  [
    "a large body that does not say so",
    {
      headers: [anna, json, "Transfer-Encoding: chunked"],
      body: `${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`,
    },
    413,
    /more than/u,
  ],
  ["what is not JSON", { body: "{" }, 400, /The body is not JSON/u],
  ["another shape", { body: "[]" }, 400, /Cannot use the body/u],
  ["an unknown field", { body: '{"cuont":1}' }, 400, /cuont/u],
  ["a prototype", { body: '{"__proto__":{"count":1}}' }, 400, /__proto__/u],
  ["a wrong value", { body: '{"count":"many"}' }, 400, /count is "many"/u],
  ["a wrong query", { line: "GET /api/things?limit=x" }, 400, /limit/u],
  ["an unknown query", { line: "GET /api/things?limits=1" }, 400, /limits/u],
  ["a wrong parameter", { line: `POST /api/things/${"a".repeat(21)}` }, 400, /name/u],
  ["a query where there is none", { line: "POST /api/things/may?a=1" }, 400, /Cannot use the query/u],
  ["an encoded slash", { line: "POST /api/things/a%2Fb" }, 400, /encoding/u],
  ["an encoded backslash", { line: "POST /api/things/a%5cb" }, 400, /encoding/u],
  ["a way up", { line: "POST /api/things/../things/may" }, 400, /encoding/u],
  ["an encoded way up", { line: "POST /api/%2e%2e/things/may" }, 400, /encoding/u],
  ["an encoding of an encoding", { line: "POST /api/things/%252e" }, 400, /encoding/u],
  ["a NUL", { line: "POST /api/things/a%00" }, 400, /encoding/u],
  ["a line end", { line: "POST /api/things/a%0d%0ab" }, 400, /encoding/u],
  ["no UTF-8", { line: "POST /api/things/%ff" }, 400, /encoding/u],
  ["an empty segment", { line: "POST /api//things/may" }, 400, /encoding/u],
  ["an error of ours", { line: "POST /api/things/bug" }, 500, /its log says why/u],
];

describe("the app answers with a problem", () => {
  test.each(problems)("%s", async (_, sent, status, detail) => {
    const answer = await answerTo(sent);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(
      expect.objectContaining({
        type: expect.stringMatching(/^urn:retrain:[a-z-]+$/u),
        title: expect.stringMatching(/^[A-Z]/u),
        status,
        detail: expect.stringMatching(detail),
        requestId: expect.stringMatching(/^[\w-]+$/u),
      }),
    );
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  test("405 says what is allowed, 401 how to sign in", async () => {
    expect((await answerTo({ line: "DELETE /api/things" })).headers).toMatch(/^Allow: GET, HEAD\r?$/mu);
    expect((await answerTo({ headers: [] })).headers).toMatch(/^WWW-Authenticate: Bearer realm=/mu);
  });
});

describe("the app takes", () => {
  test.each<[string, Sent]>([
    ["a body", { body: '{"count":1}' }],
    ["its charset", { headers: [anna, `${json}; charset=utf-8`], body: "{}" }],
    ["no body and no media type", { headers: [anna] }],
    ["no body and some media type", { headers: [anna, "Content-Type: text/plain"] }],
  ])("%s", async (_, sent) => {
    expect((await answerTo(sent)).status).toBe(202);
  });
});

describe("HEAD", () => {
  test.each([
    ["what GET would answer, without its body", [anna], 200],
    ["who has no token as GET does", [], 401],
  ])("answers %s", async (_, headers, status) => {
    const answer = await answerTo({ line: "HEAD /api/things?limit=7", headers });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatch(/^Content-Length: [1-9]/mu);
    expect(scene.seen.at(-1)).toMatchObject({ route: "/api/things", method: "HEAD", code: status });
  });
});

describe("every answer", () => {
  test("has a strict Content-Security-Policy, opens nothing to other origins, and says nothing of the server", async () => {
    for (const line of ["GET /", "GET /api/things", "GET /nothing", "OPTIONS /api/things"]) {
      const { headers } = await answerTo({ line, headers: [anna, "Origin: https://evil.example"] });
      expect(headers).toContain(
        "Content-Security-Policy: default-src 'none';script-src 'self';style-src 'self';connect-src 'self';img-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(headers).toMatch(/^X-Content-Type-Options: nosniff/mu);
      expect(headers).not.toMatch(/access-control|x-powered-by|etag/iu);
    }
  });

  test.each([
    ["mine-1", /^mine-1$/u],
    ["a b", uuid],
    ["x".repeat(65), uuid],
  ])("has a request id: %s", async (given, expected) => {
    const { headers } = await answerTo({ line: "GET /", headers: [`X-Request-Id: ${given}`] });
    const [, id] = /^X-Request-Id: (.*?)\r?$/mu.exec(headers) ?? [];
    expect(id).toMatch(expected);
  });

  test("is one line of the log, without query and token, and one observation by the route", async () => {
    const headers = [anna, "X-Request-Id: told"];
    await answerTo({ line: "GET /api/things?limit=7", headers });
    await answerTo({ line: "GET /a/secret/path", headers });
    const lines = scene.lines.filter(({ requestId }) => requestId === "told");
    expect(lines.map(({ level, path, code, user }) => [level, path, code, user])).toEqual([
      ["info", "/api/things", 200, "anna"],
      ["info", "/a/secret/path", 404, undefined],
    ]);
    expect(scene.seen.slice(-2).map(({ route, method, code }) => [route, method, code])).toEqual([
      ["/api/things", "GET", 200],
      ["none", "GET", 404],
    ]);
  });
});
