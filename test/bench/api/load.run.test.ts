import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test } from "@jest/globals";

import { load, type LoadPlan } from "../../../bench/api/load.ts";

async function startServer(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

const plan = (differs: Partial<LoadPlan> & Pick<LoadPlan, "origin">): LoadPlan => ({
  path: "/api/runs",
  token: "a-token",
  perSecond: 1000,
  seconds: 0.04,
  connections: 40,
  ...differs,
});

test("requests are sent at their times even if none is answered", async () => {
  const held: (() => void)[] = [];
  await using server = await startServer((_, response) => {
    held.push(() => response.end("four"));
    // A client that waited for answers would never send the last one.
    if (held.length === 40) for (const answer of held) answer();
  });
  const { answers, bytes, latency, lateness } = await load(plan(server));
  expect({ answers, bytes }).toEqual({ answers: { "200": 40 }, bytes: 160 });
  // The first was due 39 ms before the last one.
  expect(latency.max).toBeGreaterThanOrEqual(39);
  expect(lateness.p50).toBeGreaterThanOrEqual(0);
});

test("a wait for a free connection counts as the request's", async () => {
  const held: (() => void)[] = [];
  await using server = await startServer((_, response) => {
    held.push(() => response.end());
    setTimeout(() => held.shift()?.(), 20);
  });
  const { latency } = await load(plan({ ...server, perSecond: 1000, seconds: 0.005, connections: 1 }));
  // Five requests, 1 ms apart, on one connection: the last one waits for the four before it, 20 ms each.
  expect(latency.max).toBeGreaterThanOrEqual(5 * 19 - 5);
});

test("answers are counted by their status, and what fails by its message", async () => {
  let number = 0;
  await using server = await startServer((request, response) => {
    if (number++ === 0) request.socket.destroy();
    else {
      response.statusCode = request.headers.authorization === "Bearer a-token" ? 429 : 401;
      response.end();
    }
  });
  const { answers } = await load(plan({ ...server, seconds: 0.003, connections: 1 }));
  expect(answers).toEqual({ "other side closed": 1, "429": 2 });
});
