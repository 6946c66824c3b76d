import { collectDefaultMetrics, Registry } from "prom-client";

import type { Configuration } from "../../../contract/configuration.ts";
import type { Clock } from "../../kube/clock.ts";
import { buildInfo, type BuildInfo } from "../../metrics.ts";
import { configuredModels } from "../api/context.ts";
import type { Route } from "../http/route.ts";
import type { Runs } from "../runs/runs.ts";
import { registerGauges } from "./gauges.ts";
import { modelFacts } from "./model-facts.ts";
import { countRequests, type RequestSeen } from "./requests.ts";
import { countRuns } from "./run-counters.ts";

export interface MetricsParts {
  readonly runs: Pick<Runs, "isSynced" | "all" | "ofModel" | "subscribe">;
  readonly configuration: Configuration;
  readonly clock: Pick<Clock, "now">;
  readonly build: BuildInfo;
  /** Whose answers start at 0. */
  readonly routes?: readonly Pick<Route, "method" | "path" | "describe">[];
}

export interface SidecarMetrics {
  readonly registry: Registry;
  /** To be told of each answered request of the API. */
  readonly onRequest: (seen: RequestSeen) => void;
}

/**
 * Gauges say at each scrape what the objects say, so they are the same after a restart and in each replica; counters count what this
 * process has seen happen.
 */
export function createSidecarMetrics(parts: MetricsParts): SidecarMetrics {
  const { runs, configuration, clock, build, routes = [] } = parts;
  const registry = new Registry();
  aboutProcess(registry, build);
  // Before the first list, nothing is known: that is not the same as no runs.
  registerGauges(registry, () => (runs.isSynced ? modelFacts(runs, configuration, clock.now()) : []));
  const count = countRuns(registry, configuredModels(configuration));
  runs.subscribe((before, after) => {
    // What the first list shows was there before.
    if (runs.isSynced) count(before, after);
  });
  return { registry, onRequest: countRequests(registry, routes) };
}

function aboutProcess(registry: Registry, build: BuildInfo): void {
  collectDefaultMetrics({ register: registry });
  // Gauges under the name of counters.
  for (const kind of ["handles", "requests", "resources"]) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  buildInfo(registry, build);
}
