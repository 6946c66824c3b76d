import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import type { Registry } from "prom-client";

import { listen, type Address, type Limits, type RunningServer } from "./listen.ts";
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
  /** Comes before /metrics and may refuse. */
  readonly guard?: RequestHandler;
}

const usualLimits: Limits = { requestMilliseconds: 10_000, closeMilliseconds: 2000, connections: 100 };

/** Serves GET /healthz, /readyz and /metrics until it is disposed. Rejects when the port cannot be had. */
export const startServer = (
  address: Address,
  contents: ServerContents,
  limits: Partial<Limits> = {},
): Promise<RunningServer> => listen(routes(contents), address, { ...usualLimits, ...limits });

function routes({ alive, ready, registry, log, guard = open }: ServerContents): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  app.get("/healthz", answerOf(alive));
  app.get("/readyz", answerOf(ready));
  app.get("/metrics", guard, async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  app.use((_request, response) => {
    response.status(404).json({ problems: ["There are only GET /healthz, /readyz and /metrics"] });
  });
  app.use(failed(log));
  return app;
}

const open: RequestHandler = (_request, _response, next) => {
  next();
};

/** Answers whether all is well: 200, or 503 with the problems. */
export const answerOf =
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
    else response.status(500).json({ problems: ["The process cannot answer; its log says why"] });
  };
