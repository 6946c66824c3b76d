import { once } from "node:events";

import type { Express } from "express";

import { createKube } from "../kube/client.ts";
import { systemClock as clock } from "../kube/clock.ts";
import type { Connection } from "../kube/connection.ts";
import { createReviews } from "../kube/reviews.ts";
import { listen, type Limits } from "../listen.ts";
import type { Log } from "../log.ts";
import { startServer, type Check, type ServerContents } from "../server.ts";
import { apiRoutes } from "./api/routes.ts";
import type { SidecarConfig } from "./config.ts";
import { createApp } from "./http/app.ts";
import { metricsGuard } from "./http/metrics-guard.ts";
import type { Route } from "./http/route.ts";
import { createIdentity } from "./identity/create-identity.ts";
import type { Identity } from "./identity/identity.ts";
import { StaticToken } from "./identity/static-token.ts";
import { createSidecarMetrics } from "./metrics/sidecar-metrics.ts";
import { openRouter } from "./open-router.ts";
import { reportRoutes } from "./report/report-route.ts";
import { tellRunsNews } from "./runs-news.ts";
import { createRuns, type Runs } from "./runs/runs.ts";
import { streamRoutes } from "./streams/stream-routes.ts";

export interface Surroundings {
  readonly connection: Connection;
  readonly log: Log;
}

/**
 * Serves the runs of a namespace until the signal: then no connection is taken any more, requests under way are answered, and streams
 * end. Throws BadConfiguration for a static token that cannot be used.
 */
export async function runSidecar(
  config: SidecarConfig,
  { connection, log }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const identity = await identityFor(config, connection, log);
  const kube = createKube(connection, { random: Math.random });
  const runs = createRuns({ ...config, kube, onNews: tellRunsNews(log) });
  const routes: readonly Route[] = [
    ...apiRoutes({ ...config, runs, kube, now: () => clock.now() }),
    ...streamRoutes({ runs, kube, clock }),
    ...reportRoutes({ ...config, runs }),
  ];
  const metrics = createSidecarMetrics({ ...config, runs, clock, build: config, routes });
  const ready = readiness(runs, signal);
  const open = openRouter({ ...config, routes, ready });
  const app = createApp({ ...config, ...metrics, routes, open, identity, log, closing: signal });
  const guard =
    config.metricsAccess === "token" ? { guard: metricsGuard(identity, config.namespace) } : undefined;
  const watching = new AbortController();
  const watched = runs.run(watching.signal);

  await serveUntil(signal, { config, app, contents: { ...metrics, ...guard, alive: [], ready, log } });

  watching.abort();
  await watched;
}

async function identityFor(config: SidecarConfig, connection: Connection, log: Log): Promise<Identity> {
  const { staticTokenFile: file } = config;
  const staticToken = file === undefined ? undefined : new StaticToken(file, log);
  await staticToken?.check();
  const reviews = createReviews(connection, { random: Math.random });
  return createIdentity({ ...config, reviews, clock, ...(staticToken && { staticToken }) });
}

/** Who asks while the process ends shall ask another one. */
const readiness = (runs: Pick<Runs, "isSynced">, ending: AbortSignal): readonly Check[] => [
  { problem: () => (runs.isSynced ? undefined : "The runs have not been listed yet") },
  { problem: () => (ending.aborted ? "The sidecar ends" : undefined) },
];

interface Served {
  readonly config: SidecarConfig;
  readonly app: Express;
  /** Of the port of the metrics. */
  readonly contents: ServerContents;
}

const limits: Limits = { requestMilliseconds: 10_000, closeMilliseconds: 20_000, connections: 1000 };

/** Metrics stay until the last request is answered. */
async function serveUntil(signal: AbortSignal, { config, app, contents }: Served): Promise<void> {
  const { namespace, version, listenOn } = config;
  await using metrics = await startServer({ port: config.metricsPort, listenOn }, contents);
  await using server = await listen(app, config, limits);
  const { port } = server;
  contents.log.info("The sidecar has started", { namespace, version, port, metricsPort: metrics.port });
  if (!signal.aborted) await once(signal, "abort");
}
