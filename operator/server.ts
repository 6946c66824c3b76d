import { once } from "node:events";
import { createServer, type Server, type ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Registry } from "prom-client";

import type { OperatorConfig } from "./config.ts";
import type { Log } from "./log.ts";

/** Something that can keep a process from being alive or ready. */
export interface Check {
  /** One sentence; undefined as long as all is well. */
  problem(): string | undefined;
}

export interface ServerContents {
  /** The process is to be restarted when one of them has a problem. */
  readonly alive: readonly Check[];
  /** The process does its work, or could at once: whether it leads does not matter. */
  readonly ready: readonly Check[];
  readonly registry: Registry;
  readonly log: Log;
}

/** How long a slow client may take, and what is open when the server closes. */
export interface Patience {
  readonly requestMilliseconds: number;
  readonly closeMilliseconds: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

const usualPatience: Patience = { requestMilliseconds: 10_000, closeMilliseconds: 2000 };

/** Serves GET /healthz, /readyz and /metrics until it is disposed. Rejects when the port cannot be had. */
export async function startServer(
  { port, listenOn }: Pick<OperatorConfig, "port" | "listenOn">,
  contents: ServerContents,
  patience = usualPatience,
): Promise<RunningServer> {
  const server = createServer(limits(patience), routes(contents));
  server.maxConnections = 100;
  // Without a host: IPv6 and IPv4, whatever the cluster has.
  server.listen({ port, ...(listenOn === "loopback" ? { host: "127.0.0.1" } : {}) });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(server, patience.closeMilliseconds),
  };
}

const limits = ({ requestMilliseconds }: Patience): ServerOptions => ({
  requestTimeout: requestMilliseconds,
  connectionsCheckingInterval: requestMilliseconds / 10,
  maxHeaderSize: 8192,
});

async function close(server: Server, milliseconds: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const last = setTimeout(() => {
    server.closeAllConnections();
  }, milliseconds);
  await closed;
  clearTimeout(last);
}

function routes({ alive, ready, registry, log }: ServerContents): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  app.get("/healthz", answerOf(alive));
  app.get("/readyz", answerOf(ready));
  app.get("/metrics", async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  app.use((_request, response) => {
    response.status(404).json({ problems: ["There are only GET /healthz, /readyz and /metrics"] });
  });
  app.use(failed(log));
  return app;
}

const answerOf =
  (checks: readonly Check[]): RequestHandler =>
  (_request, response) => {
    const problems = checks.flatMap((check) => check.problem() ?? []);
    response.status(problems.length === 0 ? 200 : 503).json({ ok: problems.length === 0, problems });
  };

/** What went wrong is for the log: whoever asks may be anybody. */
const failed =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    log.error("Cannot answer a request", { path: request.path, error });
    if (response.headersSent) next(error);
    else response.status(500).json({ problems: ["The operator cannot answer; its log says why"] });
  };
