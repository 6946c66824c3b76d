import { z } from "zod";

import type { Configuration } from "../../../contract/configuration.ts";
import { resources, type Kube, type KubeObject } from "../../kube/api.ts";
import { hasStatus } from "../../kube/failure.ts";
import { ListWatch, type ListWatchNews } from "../../kube/list-watch.ts";
import { readRun } from "../../loop/read/run.ts";
import type { RunSeen } from "../../reconcile/seen.ts";
import { RunIndex } from "./run-index.ts";

/** A run with what the sidecar itself wrote beside its spec. */
export interface WatchedRun extends RunSeen {
  /** Why it was asked for, when neither a forcing nor a restore says so. */
  readonly requestReason?: string;
}

/** The RetrainRuns of one namespace as they are watched. */
export interface Runs {
  /** Resolves with true after the first list, with false when run() ended before it. */
  readonly synced: Promise<boolean>;
  readonly isSynced: boolean;
  /** Newest first: by creation, then by uid. */
  all(): Iterable<WatchedRun>;
  /** Newest first. */
  ofModel(model: string): readonly WatchedRun[];
  byName(name: string): WatchedRun | undefined;
  /**
   * As byName(); what is not watched is asked of the API server, for another replica may have created it just now and said where it is.
   * Throws KubeError.
   */
  find(name: string): Promise<WatchedRun | undefined>;
  /** The listener hears of each change from now on: created has no `before`, deleted no `after`. Returns how to stop it. */
  subscribe(listener: RunListener): () => void;
  /** Ends when the signal is aborted, and not before. */
  run(signal: AbortSignal): Promise<void>;
}

export type RunListener = (before: WatchedRun | undefined, after: WatchedRun | undefined) => void;

export interface RunsOptions {
  readonly kube: Pick<Kube, "get" | "list" | "watch">;
  readonly namespace: string;
  readonly configuration: Configuration;
  readonly relistSeconds: number;
  readonly onNews: (news: ListWatchNews) => void;
}

/** Watches from run() on. What a listener throws ends run(). */
export function createRuns({ kube, namespace, configuration, relistSeconds, onNews }: RunsOptions): Runs {
  const index = new RunIndex<WatchedRun>();
  const listeners = new Set<RunListener>();
  const place = { resource: resources.retrainRuns, namespace };
  const watched = new ListWatch<WatchedRun>({
    kube,
    place,
    parse: (object) => readWatchedRun(object, configuration),
    onChange: (before, after) => {
      index.change(before, after);
      for (const listener of listeners) listener(before, after);
    },
    onNews,
    relistSeconds,
  });
  return {
    synced: watched.synced,
    get isSynced() {
      return watched.isSynced;
    },
    all: () => index.all(),
    ofModel: (model) => index.ofModel(model),
    byName: (name) => index.byName(name),
    find: async (name) => {
      const known = index.byName(name);
      if (known !== undefined) return known;
      const asked = await kube.get({ ...place, name }).catch(unlessMissing);
      // The watch may have told of it meanwhile, and of more than was asked for.
      return index.byName(name) ?? (asked && readWatchedRun(asked, configuration));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    run: (signal) => watched.run(signal),
  };
}

function unlessMissing(error: unknown): undefined {
  if (!hasStatus(error, 404)) throw error;
}

/** On a RetrainRun that the sidecar created; not part of the spec, because no run is carried out in another way for it. */
export const requestReasonAnnotation = "retrain.velo/reason";

const Annotated = z.object({
  metadata: z.object({ annotations: z.object({ [requestReasonAnnotation]: z.string() }) }),
});

/** Undefined for what is no RetrainRun. */
export function readWatchedRun(object: KubeObject, configuration: Configuration): WatchedRun | undefined {
  const run = readRun(object, configuration);
  const requestReason = Annotated.safeParse(object).data?.metadata.annotations[requestReasonAnnotation];
  return run === undefined || requestReason === undefined ? run : { ...run, requestReason };
}
