import { createHash } from "node:crypto";

import type { OperatorConfig } from "./config.ts";
import { failureKind } from "./failure-kind.ts";
import { resources, type Kube } from "./kube/api.ts";
import type { Clock } from "./kube/clock.ts";
import type { EventRecorder } from "./kube/events.ts";
import { fenced, NotLeader } from "./kube/lease-fence.ts";
import type { Leadership } from "./leadership.ts";
import type { Log } from "./log.ts";
import { apply } from "./loop/apply.ts";
import { partsOf, type Key } from "./loop/keys.ts";
import { Observer } from "./loop/observe.ts";
import { Reconciler, type Requeue } from "./loop/reconciler.ts";
import { RefusedJobs } from "./loop/refused-jobs.ts";
import { RefusedTidying } from "./loop/refused-tidying.ts";
import { Troubles } from "./loop/troubles.ts";
import type { Worlds } from "./loop/worlds.ts";
import type { Metrics } from "./metrics.ts";
import { decide } from "./reconcile/decide.ts";
import type { PlannedEvent } from "./reconcile/plan.ts";
import type { Seen } from "./reconcile/seen.ts";

export interface PassParts {
  readonly config: OperatorConfig;
  readonly kube: Kube;
  readonly queue: Requeue;
  readonly worlds: Worlds;
  readonly leadership: Leadership;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Passes {
  /** One pass over a model, measured and logged. It throws what the queue shall try again after a wait. */
  readonly pass: (key: Key) => Promise<void>;
  /** What is remembered of these models from pass to pass. */
  readonly forget: (isGone: (key: Key) => boolean) => void;
}

export function createPasses(parts: PassParts): Passes {
  const { reconciler, forget } = createReconciler(parts);
  const { leadership, metrics, clock } = parts;
  const pass = async (key: Key): Promise<void> => {
    // Whoever leads the namespace later is told of all its keys then.
    if (!leadership.leads(partsOf(key).namespace)) return;
    const begun = clock.monotonic();
    const outcome = (outcome: "done" | "failed"): void => {
      metrics.reconcileSeconds.observe({ outcome }, (clock.monotonic() - begun) / 1000);
    };
    let isKnown = true;
    try {
      isKnown = await reconciler.pass(key);
      outcome("done");
    } catch (error) {
      outcome("failed");
      tellFailure(error, key, parts);
      throw error;
    } finally {
      // Leadership may have ended in the middle of the pass.
      if (!isKnown || !leadership.leads(partsOf(key).namespace)) forget((one) => one === key);
    }
  };
  return { pass, forget };
}

interface Reconciling extends Pick<Passes, "forget"> {
  readonly reconciler: Reconciler;
}

function createReconciler({ config, kube, queue, worlds, leadership, ...parts }: PassParts): Reconciling {
  const { log, clock, events, metrics } = parts;
  const now = (): Date => clock.now();
  const [refusedJobs, refusedTidying, troubles] = [new RefusedJobs(), new RefusedTidying(), new Troubles()];
  const observer = new Observer({
    kube,
    worldOf: (namespace) => worlds.of(namespace),
    refusedJobs,
    refusedTidying,
    clock: now,
    onFailure: (error, what, key) => {
      log.child(partsOf(key)).warn(`Cannot read ${what}`, { error });
    },
  });
  const writing = fenced(kube, leadership.secondsToExpiry);
  const reconciler = new Reconciler({
    observe: (key) => observer.observe(key),
    decide,
    apply: (plan, seen) => {
      const world = worlds.of(seen.namespace);
      const record = (event: PlannedEvent): void => {
        tell(event, log, events);
      };
      const onRefused = (error: unknown, isNews: boolean): void => {
        tellRefusal(error, isNews, seen, { log, metrics });
      };
      const memory = { refusedJobs, refusedTidying, troubles };
      return apply(plan, seen, { kube: writing, world, ...memory, clock: now, record, onRefused });
    },
    settings: { configuration: config.configuration, sha256 },
    clock: now,
    queue,
  });
  const memories = [reconciler, observer, refusedJobs, refusedTidying, troubles];
  return {
    reconciler,
    forget: (isGone) => {
      for (const memory of memories) memory.forget(isGone);
    },
  };
}

/** Counted each time, told once. */
function tellRefusal(
  error: unknown,
  isNews: boolean,
  { namespace, model }: Seen,
  { log, metrics }: Pick<PassParts, "log" | "metrics">,
): void {
  const kind = failureKind(error);
  metrics.reconcileErrors.inc({ kind });
  if (!isNews) return;
  log.child({ namespace, model }).warn("A write is refused; it is tried until somebody has mended that", {
    kind,
    error,
  });
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** In the log and, for `kubectl describe`, in the cluster. */
function tell(event: PlannedEvent, log: Log, events: EventRecorder): void {
  const { run, type, reason, action, message, attempt } = event;
  const { namespace, name, uid, model } = run;
  const { group, version, kind } = resources.retrainRuns;
  const about = log.child({
    namespace,
    model,
    run: name,
    uid,
    ...(attempt === undefined ? {} : { attempt }),
  });
  const line = type === "Warning" ? about.warn : about.info;
  line(message, { reason, action });
  const regarding = { apiVersion: `${group}/${version}`, kind, namespace, name, uid };
  events.record({ regarding, type, reason, action, message });
}

function tellFailure(error: unknown, key: Key, { log, metrics }: PassParts): void {
  const kind = failureKind(error);
  metrics.reconcileErrors.inc({ kind });
  const about = log.child(partsOf(key));
  if (error instanceof NotLeader) about.info("The pass ends: another process may lead the namespace by now");
  else if (kind === "bug") about.error("A reconcile pass failed; it is tried again", { kind, error });
  else about.warn("A reconcile pass failed; it is tried again", { kind, error });
}
