import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";

import { RunFailure } from "../errors.ts";
import type { BatchSource, RowRange, SourceModule } from "./batch.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";
import { openNative } from "./native.ts";
import { bin, fit, free, predict, predictRows, score, type Bench } from "./tasks.ts";

/** Entry of a training worker: one task at a time, synchronously, so that a booster never leaves its thread. */
const port = parentPort;
if (port === null) throw new RunFailure("Bug", "Cannot train here: worker.ts runs in a worker thread only");
const start = workerData as WorkerStart;
const say = (message: FromWorker): void => {
  port.postMessage(message);
};

const { createSource } = await sourceModule(start.sourceModule);
const bench: Bench = {
  native: openNative(start.libraryPath),
  source: (range: RowRange): BatchSource => createSource(start.data, range, start.batchRows),
  checkpoint,
  progress: throttled((rounds) => {
    say({ kind: "progress", rounds });
  }),
  clock: () => performance.now() / 1000,
};

port.on("message", (message: ToWorker) => {
  if (message.kind === "stop") port.close();
  else say(answer(message));
});
say({ kind: "ready", version: bench.native.version });

async function sourceModule(url: string): Promise<SourceModule> {
  const module = (await import(url)) as Partial<SourceModule>;
  const { createSource } = module;
  if (typeof createSource === "function") return { createSource };
  throw new RunFailure("Bug", `Cannot read rows with ${url}: it exports no function createSource`);
}

function answer(message: Exclude<ToWorker, { kind: "stop" }>): FromWorker {
  try {
    return { kind: "done", result: perform(message) };
  } catch (error) {
    return { kind: "failed", reason: error instanceof RunFailure ? error.reason : "Bug", error };
  }
}

function perform(message: Exclude<ToWorker, { kind: "stop" }>): (FromWorker & { kind: "done" })["result"] {
  if (message.kind !== "free") checkpoint(); // What was binned is freed after a stop, too.
  switch (message.kind) {
    case "bin":
      return bin(message.request, bench);
    case "score":
      return score(message.request, bench);
    case "free":
      free(message.request, bench);
      return undefined;
    case "fit":
      return fit(message.request, bench);
    case "predict":
      return predict(message.request, bench);
    case "predictRows":
      return predictRows(message.request, bench);
    default:
      return message satisfies never;
  }
}

function checkpoint(): void {
  if (Atomics.load(start.stop, 0) === 0) return;
  throw new RunFailure("Terminated", "Stopped training on request, between two rounds");
}

/** Lets a report through when the last one is a quarter of a second old. */
function throttled(report: (rounds: number) => void): (rounds: number) => void {
  let last = performance.now();
  return (rounds) => {
    if (performance.now() - last < 250) return;
    last = performance.now();
    report(rounds);
  };
}
