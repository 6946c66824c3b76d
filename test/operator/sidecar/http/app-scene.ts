import { connect } from "node:net";

import { Router } from "express";
import { z } from "zod";

import { systemClock } from "../../../../operator/kube/clock.ts";
import { listen, type Limits, type RunningServer } from "../../../../operator/listen.ts";
import type { Log } from "../../../../operator/log.ts";
import { createApp } from "../../../../operator/sidecar/http/app.ts";
import { route } from "../../../../operator/sidecar/http/route.ts";
import type { StreamLimits } from "../../../../operator/sidecar/http/streams.ts";
import { bearerToken } from "../../../../operator/sidecar/identity/bearer.ts";
import type { RequestSeen } from "../../../../operator/sidecar/metrics/requests.ts";
import { beginStream, sendAll } from "../../../../operator/sidecar/streams/send.ts";
import { problem } from "../../../../operator/sidecar/http/problem.ts";

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The real app on a real port, with routes of the test's own and a fake of the cluster: the token is the user, and only `anna` has rights. */
export interface AppScene extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly lines: readonly Line[];
  readonly seen: readonly RequestSeen[];
  /** What the fake cluster says of everybody from now on. */
  cluster: "sound" | "knows no token" | "grants nothing" | "is away";
  /** What the server answers to these very bytes, until it closes the connection. */
  raw(bytes: string): Promise<string>;
}

const usual: Limits = { requestMilliseconds: 5000, closeMilliseconds: 2000, connections: 100 };
const things = route({
  method: "post",
  path: "/api/things/:name",
  params: z.strictObject({ name: z.string().max(20) }),
  body: z.strictObject({ count: z.int().optional() }),
  right: ({ name }) => ({ verb: "create", resource: "retrainruns", name }),
  describe: { summary: "", responses: {} },
  handle: async ({ body, params }, response) => {
    if (params.name === "bug") throw new Error("postgres://user:secret@db");
    response.status(202).json({ body, params });
    await Promise.resolve();
  },
});
const list = route({
  method: "get",
  path: "/api/things",
  query: z.strictObject({ limit: z.coerce.number().int().optional() }),
  right: () => ({ verb: "list", resource: "retrainruns" }),
  describe: { summary: "", responses: {} },
  handle: async ({ query }, response) => {
    response.json({ query });
    await Promise.resolve();
  },
});

/** Never ends by itself. */
const ticks = route({
  method: "get",
  path: "/api/ticks",
  right: () => ({ verb: "get", resource: "retrainruns" }),
  describe: { summary: "", responses: { 200: { description: "", content: "text/plain" } } },
  handle: async ({ signal }, response) => {
    beginStream(response, "text/plain");
    await sendAll(response, ticking(signal), signal);
  },
});

async function* ticking(signal: AbortSignal): AsyncGenerator<string> {
  while (!signal.aborted) {
    yield "tick\n";
    await systemClock.sleep(10, signal);
  }
  yield "end\n";
}

export interface AppOptions {
  readonly ratePerMinute?: number;
  readonly limits?: Partial<Limits>;
  readonly streamLimits?: StreamLimits;
}

export async function startApp({
  ratePerMinute = 1000,
  limits,
  ...options
}: AppOptions = {}): Promise<AppScene> {
  const state: Pick<AppScene, "cluster"> = { cluster: "sound" };
  const asked = (): void => {
    if (state.cluster === "is away") throw problem(503, "cluster-unavailable", "The cluster cannot be asked");
  };
  const lines: Line[] = [];
  const seen: RequestSeen[] = [];
  const open = Router();
  open.get("/", (_request, response) => void response.send("page"));
  const app = createApp({
    ...options,
    routes: [things, list, ticks],
    open,
    ratePerMinute,
    namespace: "bikes",
    identity: {
      authenticate: async (headers) => {
        await Promise.resolve();
        asked();
        if (state.cluster === "knows no token") throw problem(401, "unauthorized", "The token has expired");
        return { name: bearerToken(headers), uid: "", groups: [], extra: {} };
      },
      may: async ({ name }) => {
        await Promise.resolve();
        asked();
        return name === "anna" && state.cluster !== "grants nothing";
      },
    },
    log: logInto(lines),
    onRequest: (request) => void seen.push(request),
    closing: new AbortController().signal,
  });
  const server: RunningServer = await listen(app, { port: 0, listenOn: "loopback" }, { ...usual, ...limits });
  const { port } = server;
  return Object.assign(state, {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    lines,
    seen,
    raw: async (bytes: string) => {
      const socket = connect(port, "127.0.0.1");
      let said = "";
      socket.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
      // One that is not taken is reset, and closed as well.
      socket.on("error", () => undefined);
      socket.write(bytes);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      socket.on("close", () => {
        resolve(undefined);
      });
      await promise;
      return said;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}

function logInto(lines: Line[], about: object = {}): Log {
  const line =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void lines.push({ level, message, ...about, ...fields });
  return {
    error: line("error"),
    warn: line("warn"),
    info: line("info"),
    debug: line("debug"),
    child: (fields) => logInto(lines, { ...about, ...fields }),
  };
}
