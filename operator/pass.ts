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
import type { Worlds } from "./loop/worlds.ts";
import type { Metrics } from "./metrics.ts";
import { decide } from "./reconcile/decide.ts";
import type { PlannedEvent } from "./reconcile/plan.ts";

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

/** One pass over a model, measured and logged. It throws what the queue shall try again after a wait. */
export function createPass(parts: PassParts): (key: Key) => Promise<void> {
  const reconciler = createReconciler(parts);
  const { leadership, metrics, clock } = parts;
  return async (key) => {
    // Whoever leads the namespace later is told of all its keys then.
    if (!leadership.leads(partsOf(key).namespace)) return;
    const begun = clock.monotonic();
    const outcome = (outcome: "done" | "failed"): void => {
      metrics.reconcileSeconds.observe({ outcome }, (clock.monotonic() - begun) / 1000);
    };
    try {
      await reconciler.pass(key);
      outcome("done");
    } catch (error) {
      outcome("failed");
      tellFailure(error, key, parts);
      throw error;
    }
  };
}

function createReconciler({ config, kube, queue, worlds, leadership, ...parts }: PassParts): Reconciler {
  const { log, clock, events } = parts;
  const now = (): Date => clock.now();
  const refusedJobs = new RefusedJobs();
  const observer = new Observer({
    kube,
    worldOf: (namespace) => worlds.of(namespace),
    refusedJobs,
    clock: now,
    onFailure: (error, what, key) => {
      log.child(partsOf(key)).warn(`Cannot read ${what}`, { error });
    },
  });
  const writing = fenced(kube, leadership.secondsToExpiry);
  return new Reconciler({
    observe: (key) => observer.observe(key),
    decide,
    apply: (plan, seen) => {
      const world = worlds.of(seen.namespace);
      const record = (event: PlannedEvent): void => {
        tell(event, log, events);
      };
      return apply(plan, seen, { kube: writing, world, refusedJobs, clock: now, record });
    },
    settings: { configuration: config.configuration, sha256 },
    clock: now,
    queue,
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
