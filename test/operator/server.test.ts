import { once } from "node:events";
import { connect } from "node:net";

import { describe, expect, test } from "@jest/globals";
import { Counter, Registry } from "prom-client";

import type { Log } from "../../operator/log.ts";
import type { RunningServer } from "../../operator/listen.ts";
import { startServer, type Check } from "../../operator/server.ts";

const well: Check = { problem: () => undefined };
const ill = (problem: string): Check => ({ problem: () => problem });

interface Given {
  readonly alive?: readonly Check[];
  readonly ready?: readonly Check[];
  readonly registry?: Registry;
  readonly errors?: string[];
  readonly patience?: { readonly requestMilliseconds: number; readonly closeMilliseconds: number };
}

function start({ alive = [well], ready = [well], registry = new Registry(), errors = [], patience }: Given) {
  const ignore = (): void => undefined;
  const log: Log = {
    error: (message, fields) => errors.push(`${message}: ${String(fields?.["error"])}`),
    warn: ignore,
    info: ignore,
    debug: ignore,
    child: () => log,
  };
  return startServer({ port: 0, listenOn: "loopback" }, { alive, ready, registry, log }, patience);
}

const ask = (server: RunningServer, path: string, options?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${String(server.port)}${path}`, options);

describe("GET /healthz and /readyz", () => {
  test.each(["/healthz", "/readyz"])("%s is 200 as long as all is well", async (path) => {
    await using server = await start({});
    const answer = await ask(server, path);
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true, problems: [] }]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.has("x-powered-by")).toBe(false);
  });

  test("tell everything that is wrong, each its own", async () => {
    await using server = await start({
      alive: [ill("stuck"), well, ill("dead")],
      ready: [ill("not synced")],
    });
    const [alive, ready] = [await ask(server, "/healthz"), await ask(server, "/readyz")];
    expect([alive.status, await alive.json()]).toEqual([503, { ok: false, problems: ["stuck", "dead"] }]);
    expect([ready.status, await ready.json()]).toEqual([503, { ok: false, problems: ["not synced"] }]);
  });

  test("ask anew each time", async () => {
    const problems = ["first", undefined];
    await using server = await start({ ready: [{ problem: () => problems.shift() }] });
    expect([(await ask(server, "/readyz")).status, (await ask(server, "/readyz")).status]).toEqual([
      503, 200,
    ]);
  });

  test("a check that throws is a problem for the log, and not for who asks", async () => {
    const errors: string[] = [];
    const broken: Check = {
      problem: () => {
        throw new Error("secret");
      },
    };
    await using server = await start({ ready: [broken], errors });
    const answer = await ask(server, "/readyz");
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining("secret")]);
    expect(errors).toEqual(["Cannot answer a request: Error: secret"]);
  });
});

describe("GET /metrics", () => {
  test("is what the registry has, as Prometheus reads it", async () => {
    const registry = new Registry();
    new Counter({ name: "things_total", help: "Things", registers: [registry] }).inc(3);
    await using server = await start({ registry });
    const answer = await ask(server, "/metrics");
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8$/u);
    expect(await answer.text()).toContain("things_total 3");
  });
});

describe("everything else", () => {
  test.each([
    { method: "GET", path: "/" },
    { method: "GET", path: "/metrics/x" },
    { method: "GET", path: "/%ff" },
    { method: "POST", path: "/healthz" },
    { method: "DELETE", path: "/metrics" },
  ])("$method $path is 4xx", async ({ method, path }) => {
    await using server = await start({});
    const { status } = await ask(server, path, { method });
    expect([400, 404]).toContain(status);
  });

  test("a port that is taken is refused", async () => {
    await using server = await start({});
    const contents = { alive: [], ready: [], registry: new Registry(), log: undefined as never };
    await expect(startServer({ port: server.port, listenOn: "loopback" }, contents)).rejects.toThrow(
      "EADDRINUSE",
    );
  });
});

describe("slow clients", () => {
  const impatient = { requestMilliseconds: 50, closeMilliseconds: 60_000 };

  test.each([
    { what: "says nothing", text: "", goesOn: "" },
    { what: "sends headers without end", text: "GET /healthz HTTP/1.1\r\n", goesOn: "a: b\r\n" },
    {
      what: "sends its body in crumbs",
      text: "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n",
      goesOn: "x",
    },
  ])("one that $what is cut off", async ({ text, goesOn }) => {
    await using server = await start({ patience: impatient });
    const socket = connect(server.port, "127.0.0.1");
    const { promise: closed, resolve } = Promise.withResolvers<boolean>();
    socket.on("error", () => undefined).on("close", resolve);
    socket.write(text);
    socket.resume();
    const crumbs = setInterval(() => socket.write(goesOn), 5).unref();
    await closed;
    clearInterval(crumbs);
    expect(socket.destroyed).toBe(true);
  });

  test("do not keep the server from closing", async () => {
    const server = await start({ patience: { requestMilliseconds: 60_000, closeMilliseconds: 20 } });
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET /healthz HTTP/1.1\r\n");
    await once(socket, "connect");
    await server[Symbol.asyncDispose]();
    await expect(ask(server, "/healthz")).rejects.toThrow("fetch failed");
  });
});
