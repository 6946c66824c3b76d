import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";

import { find, render } from "./chart.ts";
import { containerOf, podOf } from "./pods.ts";

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === "/readyz" ? 200 : 503).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.int() }).parse(server.address());
  address = `http://127.0.0.1:${String(port)}`;
});
afterAll(() => void server.close());

const commandOf = async (...values: readonly string[]): Promise<readonly string[]> =>
  containerOf(podOf(find(await render(...values), "Pod")), "test").command;

/** The exit code of what the Pod runs, with these addresses instead of its own. */
async function exitCode(...addresses: readonly string[]): Promise<number | null> {
  return (await asked(...addresses)).code;
}

async function asked(...addresses: readonly string[]): Promise<{ code: number | null; said: string }> {
  const [, ...options] = (await commandOf()).filter((word) => !word.startsWith("http:"));
  const child = spawn(process.execPath, [...options, ...addresses]);
  const [said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, said };
}

test.each<[string, readonly string[], number]>([
  ["all answer", ["/readyz", "/readyz"], 0],
  ["one is not ready", ["/readyz", "/metrics"], 1],
])("helm test, when %s, ends with the right code", async (_when, paths, code) => {
  expect(await exitCode(...paths.map((each) => address + each))).toBe(code);
});

test("helm test fails when nobody is there, and tells of each what it said", async () => {
  const { code, said } = await asked("http://127.0.0.1:1/readyz", `${address}/readyz`, `${address}/metrics`);
  expect(code).toBe(1);
  expect(said.split("\n")).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/readyz: .*\S/u),
    `${address}/readyz: 200`,
    `${address}/metrics: 503`,
    "",
  ]);
});

test.each<[string, readonly string[], readonly string[]]>([
  [
    "as it is",
    [],
    [
      "http://monthly-retrain-operator:8081/readyz",
      "http://monthly-retrain-operator:8081/metrics",
      "http://monthly-retrain-operator-sidecar:80/readyz",
      "http://monthly-retrain-operator-sidecar-metrics:9090/metrics",
    ],
  ],
  [
    "metrics closed",
    ['sidecar.metricsAccess="token"', "sidecar.service.port=8000"],
    [
      "http://monthly-retrain-operator:8081/readyz",
      "http://monthly-retrain-operator:8081/metrics",
      "http://monthly-retrain-operator-sidecar:8000/readyz",
    ],
  ],
])("it asks whatever may be asked (%s)", async (_what, values, addresses) => {
  expect((await commandOf(...values)).filter((word) => word.startsWith("http:"))).toEqual(addresses);
});
