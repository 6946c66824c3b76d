import { z } from "zod";

import type { Configuration } from "../../contract/configuration.ts";
import type { Say } from "../program.ts";
import { finishedStatus } from "./finished-status.ts";
import { makeStatusASubresource, runsPath, type Plane } from "./plane.ts";
import type { Model, NewRun } from "./population.ts";

/** What the API server has now. */
export interface Filled {
  readonly runs: number;
  /** Of a finished run, on average. */
  readonly statusBytes: number;
  /** Of all runs as a list has them. */
  readonly listBytes: number;
  /** That a list of all runs takes. */
  readonly listSeconds: number;
}

const concurrency = 24;

/** Creates the runs of all models, as a year of use would have left them. */
export async function fill(
  plane: Plane,
  models: readonly Model[],
  configuration: Configuration,
  say: Say,
): Promise<Filled> {
  const jobs = models.flatMap(({ finished, unseen }) => [
    ...finished.map((run) => () => createFinished(plane, run, configuration)),
    () => create(plane, unseen).then(() => 0),
  ]);
  const statuses = (await inParallel(jobs, progress(jobs.length, say))).filter((bytes) => bytes > 0);
  await makeStatusASubresource(plane.ask, models[0]?.unseen.metadata.name ?? "");
  const statusBytes = statuses.reduce((sum, bytes) => sum + bytes, 0) / statuses.length;
  return { runs: jobs.length, statusBytes, ...(await listAll(plane)) };
}

function progress(all: number, say: Say): (done: number) => void {
  const begun = performance.now();
  return (done) => {
    if (done % 1000 > 0 && done < all) return;
    const seconds = (performance.now() - begun) / 1000;
    say(`${String(done)} of ${String(all)} runs are there (${seconds.toFixed(0)} s)`);
  };
}

async function inParallel<T>(
  jobs: readonly (() => Promise<T>)[],
  onDone: (done: number) => void,
): Promise<readonly T[]> {
  const results: T[] = [];
  const left = jobs.values();
  const work = async (): Promise<void> => {
    // One iterator for all workers: each takes the next.
    for (const job of left) onDone(results.push(await job()));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

const create = (plane: Plane, run: object): Promise<unknown> =>
  plane.ask(runsPath, { method: "POST", body: run });

/** Bytes of its status. */
async function createFinished(plane: Plane, run: NewRun, configuration: Configuration): Promise<number> {
  const status = finishedStatus(run, configuration);
  await create(plane, { ...run, status });
  return Buffer.byteLength(JSON.stringify(status));
}

const Page = z.object({
  metadata: z.object({ continue: z.string().default("") }),
  items: z.array(z.unknown()),
});

/** In pages, as the operator does it. */
async function listAll(plane: Plane): Promise<Pick<Filled, "listBytes" | "listSeconds">> {
  const begun = performance.now();
  let listBytes = 0;
  for (let token = ""; ;) {
    const query = `?limit=500&continue=${encodeURIComponent(token)}`;
    const { metadata, items } = Page.parse(await plane.ask(runsPath + query));
    listBytes += Buffer.byteLength(JSON.stringify(items));
    token = metadata.continue;
    if (token === "") return { listBytes, listSeconds: (performance.now() - begun) / 1000 };
  }
}
