import type { RunListener, Runs, WatchedRun } from "../../../operator/sidecar/runs/runs.ts";
import { newestFirst } from "../../../operator/sidecar/runs/newest-first.ts";

/** Runs that a test changes by hand, as a watch would. */
export interface HandRuns extends Runs {
  isSynced: boolean;
  /** Created or changed. */
  put(run: WatchedRun): void;
  remove(run: WatchedRun): void;
  readonly listeners: number;
}

export function handRuns(...first: readonly WatchedRun[]): HandRuns {
  const byUid = new Map(first.map((run) => [run.uid, run]));
  const listeners = new Set<RunListener>();
  const tell: RunListener = (before, after) => {
    for (const listener of listeners) listener(before, after);
  };
  const all = () => [...byUid.values()].sort(newestFirst);
  return {
    synced: Promise.resolve(true),
    isSynced: true,
    all,
    ofModel: (model) => all().filter((run) => run.model === model),
    byName: (name) => all().find((run) => run.name === name),
    find: (name) => Promise.resolve(all().find((run) => run.name === name)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    run: () => Promise.resolve(),
    put: (run) => {
      const before = byUid.get(run.uid);
      byUid.set(run.uid, run);
      tell(before, run);
    },
    remove: (run) => {
      byUid.delete(run.uid);
      tell(run, undefined);
    },
    get listeners() {
      return listeners.size;
    },
  };
}
