import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import { failureKinds, type FailureKind } from "./failure-kind.ts";

/** What is asked at each scrape, so that a gauge is never older than its answer. */
export interface MetricSources {
  queue(): { readonly depth: number; readonly oldestSeconds: number };
  /** Whether this process leads, by namespace. */
  leading(): Iterable<readonly [namespace: string, leads: boolean]>;
}

export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
}

/** The operator's own metrics, in a registry of their own. */
export interface Metrics {
  readonly registry: Registry;
  readonly reconcileSeconds: Histogram<"outcome">;
  readonly reconcileErrors: Counter<"kind">;
  readonly queueSeconds: Histogram;
  readonly watchRestarts: Counter<"resource">;
  readonly relists: Counter<"resource">;
  readonly missedEvents: Counter<"resource">;
  readonly skippedObjects: Counter<"resource">;
  readonly apiRequests: Counter<"verb" | "resource" | "code">;
  readonly apiSeconds: Histogram<"verb" | "resource">;
  readonly eventsDropped: Counter;
}

/** Counters start at 0 for every label value that is known beforehand: `resources` are the plurals that are watched. */
export function createMetrics(
  build: BuildInfo,
  sources: MetricSources,
  resources: readonly string[],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  buildInfo(registry, build);
  gauges(registry, sources);
  const metrics = { registry, ...reconciling(registry), ...watching(registry), ...calling(registry) };
  startAtZero(metrics, resources);
  return metrics;
}

/** Who speaks: the same metric for every process of the project. */
export function buildInfo(registry: Registry, { version, revision }: BuildInfo): void {
  const info = new Gauge({
    name: "retrain_build_info",
    help: "Always 1; version and source revision of this process and the version of Node.js it runs on are its labels",
    labelNames: ["version", "revision", "node_version"],
    registers: [registry],
  });
  info.set({ version, revision, node_version: process.version }, 1);
}

function gauges(registry: Registry, sources: MetricSources): void {
  const registers = [registry];
  new Gauge({
    name: "retrain_operator_queue_depth",
    help: "Models that wait for a reconcile pass",
    registers,
    collect() {
      this.set(sources.queue().depth);
    },
  });
  new Gauge({
    name: "retrain_operator_queue_oldest_seconds",
    help: "How long the model that waits longest has waited for its reconcile pass; 0 when none waits",
    registers,
    collect() {
      this.set(sources.queue().oldestSeconds);
    },
  });
  new Gauge({
    name: "retrain_operator_leader",
    help: "1 when this process holds the Lease of the namespace and writes there, 0 when it only watches",
    labelNames: ["namespace"],
    registers,
    collect() {
      this.reset();
      for (const [namespace, leads] of sources.leading()) this.set({ namespace }, leads ? 1 : 0);
    },
  });
}

const passBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

function reconciling(registry: Registry) {
  const registers = [registry];
  return {
    reconcileSeconds: new Histogram({
      name: "retrain_operator_reconcile_seconds",
      help: "Duration of reconcile passes by outcome: done, or failed and tried again",
      labelNames: ["outcome"] as const,
      buckets: passBuckets,
      registers,
    }),
    reconcileErrors: new Counter({
      name: "retrain_operator_reconcile_errors_total",
      help: "Reconcile passes that failed, by kind of failure",
      labelNames: ["kind"] as const,
      registers,
    }),
    queueSeconds: new Histogram({
      name: "retrain_operator_queue_seconds",
      help: "How long models waited from the moment they were due until their reconcile pass began",
      buckets: passBuckets,
      registers,
    }),
  };
}

function watching(registry: Registry) {
  const count = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ["resource"] as const, registers: [registry] });
  return {
    watchRestarts: count(
      "retrain_operator_watch_restarts_total",
      "Watches that ended and were started again, by resource; servers end each one after some minutes",
    ),
    relists: count("retrain_operator_relists_total", "Full lists that were read again, by resource"),
    missedEvents: count(
      "retrain_operator_missed_events_total",
      "Changes that no watch had told and a full list found, by resource; more than a few mean that connections are cut",
    ),
    skippedObjects: count(
      "retrain_operator_skipped_objects_total",
      "Objects that could not be read and were left out, by resource",
    ),
  };
}

function calling(registry: Registry) {
  const registers = [registry];
  return {
    apiRequests: new Counter({
      name: "retrain_operator_api_requests_total",
      help: "Calls of the Kubernetes API by verb, resource and HTTP status; code 0 had no answer",
      labelNames: ["verb", "resource", "code"] as const,
      registers,
    }),
    apiSeconds: new Histogram({
      name: "retrain_operator_api_request_seconds",
      help: "Time until the Kubernetes API answered, by verb and resource",
      labelNames: ["verb", "resource"] as const,
      buckets: passBuckets,
      registers,
    }),
    eventsDropped: new Counter({
      name: "retrain_operator_events_dropped_total",
      help: "Events about runs that could not be written and were given up",
      registers,
    }),
  };
}

/** An alert on a counter that appears only with its first increment misses that increment. */
function startAtZero(metrics: Metrics, resources: readonly string[]): void {
  const kinds: readonly FailureKind[] = failureKinds;
  for (const kind of kinds) metrics.reconcileErrors.inc({ kind }, 0);
  for (const outcome of ["done", "failed"]) metrics.reconcileSeconds.zero({ outcome });
  const { watchRestarts, relists, missedEvents, skippedObjects } = metrics;
  for (const counter of [watchRestarts, relists, missedEvents, skippedObjects]) {
    for (const resource of resources) counter.inc({ resource }, 0);
  }
}
