import type { Configuration } from "../../../contract/configuration.ts";
import { resources, type Kube } from "../../kube/api.ts";
import { newestFirst } from "../runs/newest-first.ts";
import { readWatchedRun, type WatchedRun } from "../runs/runs.ts";
import { fromKube } from "./kube-problem.ts";

/** All runs of a namespace as the storage has them now, newest first. */
export type LiveRuns = () => Promise<readonly WatchedRun[]>;

export interface LiveRunsOptions {
  readonly kube: Pick<Kube, "list">;
  readonly namespace: string;
  readonly configuration: Configuration;
}

/** A list that began after it was asked for; those who ask while one is under way share the next, so a burst costs two. */
export function createLiveRuns({ kube, namespace, configuration }: LiveRunsOptions): LiveRuns {
  const list = async (): Promise<readonly WatchedRun[]> => {
    const { items } = await fromKube(
      kube.list({ resource: resources.retrainRuns, namespace }, { fresh: true }),
    );
    const runs = items.map((item) => readWatchedRun(item, configuration));
    return runs.filter((run) => run !== undefined).sort(newestFirst);
  };
  return sharingNext(list);
}

/** At most one call is under way and one waits for it. */
export function sharingNext<T>(call: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return () => {
    next ??= underWay.then(() => {
      next = undefined;
      const answer = call();
      // Whoever asked hears of a failure; here it only matters that it is over.
      underWay = answer.then(ignore, ignore);
      return answer;
    });
    return next;
  };
}

const ignore = (): void => undefined;
