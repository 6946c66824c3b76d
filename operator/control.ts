import type { OperatorConfig } from "./config.ts";
import type { Check } from "./server.ts";
import { resources, type Kube } from "./kube/api.ts";
import type { CallSeen } from "./kube/call.ts";
import { createKube } from "./kube/client.ts";
import { systemClock as clock } from "./kube/clock.ts";
import type { Connection } from "./kube/connection.ts";
import { EventRecorder } from "./kube/events.ts";
import { WorkQueue } from "./kube/work-queue.ts";
import { Leadership } from "./leadership.ts";
import type { Log } from "./log.ts";
import { partsOf, type Key } from "./loop/keys.ts";
import { Worlds } from "./loop/worlds.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { createPasses, type Passes } from "./pass.ts";
import { tellWatchNews } from "./watch-news.ts";

export interface Surroundings {
  readonly connection: Connection;
  readonly log: Log;
  /** Comes between the operator and the API server. */
  readonly between?: (kube: Kube) => Kube;
}

/** The parts of a running operator. */
export interface Control {
  readonly queue: WorkQueue;
  readonly worlds: Worlds;
  readonly leadership: Leadership;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly pass: (key: Key) => Promise<void>;
  readonly alive: readonly Check[];
  readonly ready: readonly Check[];
}

/** Joins the parts: what changes in the cluster becomes a key in the queue of whoever leads its namespace. */
export function createControl(config: OperatorConfig, surroundings: Surroundings): Control {
  const { connection, log, between = (kube) => kube } = surroundings;
  const { configuration, namespaces, relistSeconds } = config;
  const metrics = createMetrics(
    config,
    {
      queue: () => ({ depth: queue.depth, oldestSeconds: queue.oldestSeconds ?? 0 }),
      leading: () => leadership.leading(),
    },
    watched,
  );
  const kube = between(createKube(connection, { random: Math.random, onCall: callCounter(metrics) }));
  const queue = new WorkQueue({
    onError: () => undefined, // The pass has told.
    onWaited: (seconds) => {
      metrics.queueSeconds.observe(seconds);
    },
  });
  const leadership = new Leadership({
    kube,
    config,
    clock,
    log,
    onChange: (namespace, leads) => {
      if (leads) for (const key of worlds.of(namespace).keys(namespace)) dispatch(key);
      else forgetNamespace(namespace, queue, passes);
    },
  });
  const dispatch = (key: Key): void => {
    const { namespace } = partsOf(key);
    if (leadership.leads(namespace) && worlds.of(namespace).isSynced()) queue.add(key);
  };
  const worlds = new Worlds(namespaces, {
    kube,
    configuration,
    relistSeconds,
    clock: () => clock.now(),
    onChange: (key) => {
      if (namespaces === "all") standWhereRunsAre(key, worlds, leadership);
      dispatch(key);
    },
    onNews: (news, resource) => {
      tellWatchNews(news, resource, { log, metrics });
    },
  });
  const events = createEvents(kube, config, { log, metrics });
  const passes = createPasses({ config, kube, queue, worlds, leadership, events, metrics, log, clock });
  return {
    queue,
    worlds,
    leadership,
    events,
    metrics,
    pass: passes.pass,
    alive: [{ problem: () => stuckPass(queue) }],
    ready: [{ problem: () => (worlds.areSynced() ? undefined : "Not everything has been listed yet") }],
  };
}

const watched = [resources.retrainRuns, resources.jobs, resources.pods].map(({ plural }) => plural);

/** What waits for a namespace that another process leads, and what passes remember of it. */
function forgetNamespace(namespace: string, queue: WorkQueue, passes: Passes): void {
  const isGone = (key: Key): boolean => partsOf(key).namespace === namespace;
  queue.clear(isGone);
  passes.forget(isGone);
}

/** A Lease in each namespace that has runs, and in no other. */
function standWhereRunsAre(key: Key, worlds: Worlds, leadership: Leadership): void {
  const { namespace } = partsOf(key);
  const world = worlds.of(namespace);
  if (world.of(key).runs.length > 0) leadership.follow(namespace);
  else if (world.keys(namespace).next().done === true) leadership.leave(namespace);
}

const callCounter =
  ({ apiRequests, apiSeconds }: Metrics) =>
  ({ verb, resource, code, seconds }: CallSeen): void => {
    apiRequests.inc({ verb, resource, code: String(code) });
    if (verb !== "watch") apiSeconds.observe({ verb, resource }, seconds);
  };

function createEvents(
  kube: Kube,
  { identity }: OperatorConfig,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): EventRecorder {
  return new EventRecorder({
    kube,
    clock,
    component: "retrain.velo/operator",
    instance: identity,
    onDropped: ({ regarding: { namespace, name }, reason }, count, error) => {
      metrics.eventsDropped.inc(count);
      log.warn("An Event could not be written", { namespace, run: name, reason, count, error });
    },
  });
}

/** Calls have deadlines, so that every pass ends: a key that waits for so long tells of passes that do not. */
const stuckSeconds = 900;

function stuckPass({ oldestSeconds = 0 }: WorkQueue): string | undefined {
  if (oldestSeconds <= stuckSeconds) return undefined;
  return `A model has waited for a reconcile pass for ${String(Math.round(oldestSeconds))} s; expected ${String(stuckSeconds)} s at most`;
}
