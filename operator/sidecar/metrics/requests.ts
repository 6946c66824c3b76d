import { Counter, Histogram, type Registry } from "prom-client";

import { isStream, type Route } from "../http/route.ts";

/** One answered request. */
export interface RequestSeen {
  /** The pattern, `/api/runs/:name`, and never the path itself; `none` for a path that there is not. */
  readonly route: string;
  /** GET. */
  readonly method: string;
  readonly code: number;
  readonly seconds: number;
}

type Described = Pick<Route, "method" | "path" | "describe">;

/** Counts requests from the returned function on; each documented answer of the routes starts at 0. */
export function countRequests(registry: Registry, routes: readonly Described[]): (seen: RequestSeen) => void {
  const { answers, durations } = createInstruments(registry);
  for (const { path: route, method, describe } of routes) {
    for (const code of Object.keys(describe.responses)) {
      answers.inc({ route, method: method.toUpperCase(), code }, 0);
    }
    if (!isStream({ describe })) durations.zero({ route, method: method.toUpperCase() });
  }
  const streams = new Set(routes.filter(isStream).map(({ path }) => path));
  return ({ route, method, code, seconds }) => {
    answers.inc({ route, method, code: String(code) });
    // A stream lasts as long as its run does: that says nothing about the answer's speed.
    if (!streams.has(route)) durations.observe({ route, method }, seconds);
  };
}

function createInstruments(registry: Registry) {
  const registers = [registry];
  return {
    answers: new Counter({
      name: "retrain_http_requests_total",
      help: "Answered requests of the API by route, method and HTTP status",
      labelNames: ["route", "method", "code"] as const,
      registers,
    }),
    durations: new Histogram({
      name: "retrain_http_request_duration_seconds",
      help: "Time until a request of the API was answered, by route and method; event streams and followed logs are left out",
      labelNames: ["route", "method"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
