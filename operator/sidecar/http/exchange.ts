import { randomUUID } from "node:crypto";

import type { Request, RequestHandler } from "express";

import type { Log } from "../../log.ts";
import type { RequestSeen } from "../metrics/requests.ts";

/** What is known of a request beside what it says. */
export interface Exchange {
  readonly id: string;
  readonly log: Log;
  /** Aborted when the answer is complete or the client is gone. */
  readonly gone: AbortSignal;
  /** The pattern of the path, once it is known. */
  route: string;
  user: string | undefined;
}

/** Requests by their objects, so that what was found out of one need not be written onto it. */
export class Exchanges {
  readonly #known = new WeakMap<Request, Exchange>();

  /** Of a request that opening() has seen. */
  of(request: Request): Exchange {
    const exchange = this.#known.get(request);
    if (exchange === undefined) throw new Error("The request was not opened");
    return exchange;
  }

  /** Gives each request an id, and tells log and metrics how it was answered. */
  opening(log: Log, onRequest: (seen: RequestSeen) => void): RequestHandler {
    return (request, response, next) => {
      const id = requestId(request.get("x-request-id"));
      response.set("X-Request-Id", id);
      const gone = new AbortController();
      const exchange: Exchange = {
        id,
        log: log.child({ requestId: id }),
        gone: gone.signal,
        route: "none",
        user: undefined,
      };
      this.#known.set(request, exchange);
      const before = performance.now();
      response.once("close", () => {
        gone.abort();
        const seconds = (performance.now() - before) / 1000;
        const code = response.headersSent ? response.statusCode : clientGone;
        const seen = { route: exchange.route, method: methodOf(request), code, seconds };
        onRequest(seen);
        tell(exchange, request, seen);
      });
      next();
    };
  }
}

/** As nginx has it: there is no answer, and nobody to read it. */
const clientGone = 499;
const sane = /^[\w.:-]{1,64}$/u;
const requestId = (given = ""): string => (sane.test(given) ? given : randomUUID());

/** A label must not take whatever a client thinks of. */
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const methodOf = ({ method }: Request): string => (methods.includes(method) ? method : "other");

/** Without the query, which may hold anything. Probes and the page's files are no news. */
function tell(
  { log, user, route }: Exchange,
  { path }: Request,
  { method, code, seconds }: RequestSeen,
): void {
  const level = route.startsWith("/api/") || code >= 400 ? "info" : "debug";
  log[level]("Answered", { method, path, code, seconds: Math.round(seconds * 1e4) / 1e4, user });
}
