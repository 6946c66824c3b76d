import { z } from "zod";

import { fill, type Filled } from "./cluster/fill.ts";
import { launch } from "./cluster/launched.ts";
import { openPlane } from "./cluster/plane.ts";
import { configurationOf, modelsOf } from "./cluster/population.ts";
import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured } from "./report.ts";
import { heapGrowth } from "./reconcile/heap.ts";
import { firstPasses } from "./reconcile/start.ts";

const Size = z.object({
  models: count(1),
  runs: count(2).max(12),
  starting: count(0),
  node: z.string(),
});

/** An operator that starts in a cluster full of runs, and what ten full lists leave behind in its heap. */
export const reconcile: Program = {
  summary: "an operator starts among finished and new runs, then lists them all ten times",
  takes: "15 minutes, most of them to create the runs; Kubernetes' own programs",
  options: {
    models: { default: "1000", meaning: "models, each with one run that nobody has looked at yet" },
    runs: { default: "10", meaning: "runs of each model, all but one finished" },
    starting: { default: "50", meaning: "models whose new run gets a Job; the others' are suspended" },
    node: { default: "", meaning: "options of the operator's Node.js, such as --cpu-prof" },
  },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const size = optionsOf(Size, values);
  const models = modelsOf(size);
  const configuration = configurationOf(models);
  await using plane = await openPlane(say);
  const filled = await fill(plane, models, configuration, say);

  await using operator = await launch(plane, {
    program: "operator/main.ts",
    configuration,
    env: { LOG_LEVEL: "debug", RELIST_SECONDS: String(relistSeconds(filled)) },
    metricsPort: "port",
    nodeOptions: size.node.split(" ").filter((word) => word !== ""),
  });
  const start = await firstPasses(operator, plane, models);
  say(`all new runs are accepted after ${start.acceptedSeconds.toFixed(1)} s`);
  const growth = await heapGrowth(operator, say);

  return {
    measurements: [
      { name: "RetrainRuns", unit: "", ours: filled.runs },
      { name: "status of a finished run", unit: "kB", ours: filled.statusBytes / 1e3 },
      { name: "list of all runs", unit: "MB", ours: filled.listBytes / 1e6 },
      { name: "until everything is listed", unit: "s", ours: start.syncedSeconds },
      { name: "until every model was reconciled", unit: "s", ours: start.reconciledSeconds },
      {
        name: "until all new runs are accepted",
        unit: "s",
        ours: start.acceptedSeconds,
        bar: { atMost: 60 },
      },
      ...growth,
    ],
  };
}

/** So that the operator rests between two lists, on a busy machine too. */
const relistSeconds = ({ listSeconds }: Filled): number => Math.min(Math.ceil(2 * listSeconds) + 3, 60);
