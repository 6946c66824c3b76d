import { connect } from "node:net";

import { Router } from "express";
import { z } from "zod";

import { listen, type Limits, type RunningServer } from "../../../../operator/listen.ts";
import type { Log } from "../../../../operator/log.ts";
import { createApp } from "../../../../operator/sidecar/http/app.ts";
import { route } from "../../../../operator/sidecar/http/route.ts";
import { bearerToken } from "../../../../operator/sidecar/identity/bearer.ts";
import type { RequestSeen } from "../../../../operator/sidecar/metrics/requests.ts";

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

export async function startApp(ratePerMinute = 1000, limits: Partial<Limits> = {}): Promise<AppScene> {
  const lines: Line[] = [];
  const seen: RequestSeen[] = [];
  const open = Router();
  open.get("/", (_request, response) => void response.send("page"));
  const app = createApp({
    routes: [things, list],
    open,
    ratePerMinute,
    namespace: "bikes",
    identity: {
      authenticate: (headers) =>
        Promise.resolve({ headers }).then(() => ({
          name: bearerToken(headers),
          uid: "",
          groups: [],
          extra: {},
        })),
      may: ({ name }) => Promise.resolve(name === "anna"),
    },
    log: logInto(lines),
    onRequest: (request) => void seen.push(request),
    closing: new AbortController().signal,
  });
  const server: RunningServer = await listen(app, { port: 0, listenOn: "loopback" }, { ...usual, ...limits });
  const { port } = server;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    lines,
    seen,
    raw: async (bytes) => {
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
  };
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
