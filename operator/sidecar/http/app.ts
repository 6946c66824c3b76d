import express, { type Express, type RequestHandler, type Router } from "express";
import helmet from "helmet";

import type { Log } from "../../log.ts";
import type { Identity } from "../identity/identity.ts";
import type { RequestSeen } from "../metrics/requests.ts";
import { Exchanges } from "./exchange.ts";
import { failed } from "./failed.ts";
import { checkPath } from "./path-check.ts";
import { Problem, problem } from "./problem.ts";
import { limitByUser } from "./rate-limit.ts";
import type { Route } from "./route.ts";
import { serve, type ServeParts } from "./serve.ts";
import { Streams, usualStreamLimits, type StreamLimits } from "./streams.ts";

export interface AppParts {
  /** For those who have a token and the right. */
  readonly routes: readonly Route[];
  /** For everybody: answers to GET. */
  readonly open: Router;
  readonly identity: Identity;
  readonly namespace: string;
  readonly ratePerMinute: number;
  readonly log: Log;
  readonly onRequest: (seen: RequestSeen) => void;
  /** Aborted when the server closes: answers that have no end of their own then end. */
  readonly closing: AbortSignal;
  readonly streamLimits?: StreamLimits;
}

/** The whole of what the sidecar's port answers. No header allows another origin anything. */
export function createApp({ routes, open, log, onRequest, ...parts }: AppParts): Express {
  const exchanges = new Exchanges();
  const takeTurn = limitByUser(parts.ratePerMinute, (request) => exchanges.of(request).user ?? "");
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("strict routing");
  app.enable("case sensitive routing");
  app.use(exchanges.opening(log, onRequest), hardened, closingConnections(parts.closing), checkPath);
  app.use(naming(exchanges), onlyForGet(open));
  const streams = new Streams(parts.streamLimits ?? usualStreamLimits);
  const serving = { ...parts, exchanges, takeTurn, streams };
  for (const [path, there] of byPath(routes)) addPath(app, path, there, serving);
  app.use((request, _response, next) => {
    next(problem(404, "not-found", `There is no ${request.path}`));
  });
  app.use(failed(exchanges));
  return app;
}

const self = ["'self'"];
const none = ["'none'"];
const hardened = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": none,
      "script-src": self,
      "style-src": self,
      "connect-src": self,
      "img-src": self,
      "base-uri": none,
      "form-action": none,
      "frame-ancestors": none,
    },
  },
  xFrameOptions: { action: "deny" },
  // Whether there is TLS is for whoever ends it to say.
  strictTransportSecurity: false,
});

/** Who keeps a connection for later is told that there is no later. */
const closingConnections =
  (closing: AbortSignal): RequestHandler =>
  (_request, response, next) => {
    if (closing.aborted) response.set("Connection", "close");
    next();
  };

const openPaths: readonly string[] = ["/", "/openapi.json", "/healthz", "/readyz"];

/** Metrics know open paths by their names, and those of the page's files by one. */
const naming =
  (exchanges: Exchanges): RequestHandler =>
  (request, _response, next) => {
    const exchange = exchanges.of(request);
    if (openPaths.includes(request.path)) exchange.route = request.path;
    else if (request.path.startsWith("/assets/")) exchange.route = "/assets/:name";
    next();
  };

const onlyForGet =
  (open: Router): RequestHandler =>
  (request, response, next) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (isRead) open(request, response, next);
    else if (openPaths.includes(request.path)) next(notAllowed(request.method, "GET, HEAD"));
    else next();
  };

function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  return Map.groupBy(routes, ({ path }) => path);
}

function addPath(app: Express, path: string, routes: readonly Route[], parts: ServeParts): void {
  const handlers = new Map(
    routes.flatMap((route) => methodsOf(route).map((method) => [method, serve(route, parts)] as const)),
  );
  const allowed = [...handlers.keys()].join(", ");
  app.all(path, async (request, response, next) => {
    parts.exchanges.of(request).route = path;
    response.set("Cache-Control", "no-store");
    const handler = handlers.get(request.method);
    if (handler === undefined) throw notAllowed(request.method, allowed);
    await handler(request, response, next);
  });
}

/** Whatever answers to GET answers to HEAD (RFC 9110, 9.3.2); Node leaves the body out. */
const methodsOf = ({ method }: Route): readonly string[] => (method === "get" ? ["GET", "HEAD"] : ["POST"]);

const notAllowed = (method: string, allowed: string): Problem =>
  new Problem(405, "method-not-allowed", `${method} is not possible here; expected ${allowed}`, {
    headers: { Allow: allowed },
  });
