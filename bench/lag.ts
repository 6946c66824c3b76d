import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

import { latenessWithin, stageTimes } from "./lag/stage-times.ts";
import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured, Measurement } from "./report.ts";
import { openHistory, sampleDirectory, wantedOf, type History } from "./sides/history.ts";
import { scratchDirectory } from "./sides/scratch.ts";
import { runTrainer } from "./sides/trainer-run.ts";
import { quantile } from "./statistics.ts";

const Size = z.object({ data: z.string(), readings: count(5000) });
const Samples = z.array(z.tuple([z.number(), z.number()]));

/** How late the trainer's main thread is while its workers train: it answers signals and tells progress. */
export const lag: Program = {
  summary: "lateness of the main thread of a whole run, by stage",
  takes: "1 minute with real data; Linux",
  options: {
    data: { default: sampleDirectory(), meaning: 'directory with three CSV files; "" generates readings' },
    readings: { default: "463000", meaning: "that are generated where there is no directory" },
  },
  measure,
};

const training = ["search", "backtest", "train"] as const;
const others = ["extract", "clean"] as const;

async function measure(values: unknown, say: Say): Promise<Measured> {
  await using history = await openHistory(wantedOf(optionsOf(Size, values)), say);
  const late = await latenessByStage(history);
  return {
    measurements: [
      ...training.flatMap((stage) => rows(stage, late.get(stage) ?? [], { atMost: 50 })),
      ...others.flatMap((stage) => rows(stage, late.get(stage) ?? [])),
    ],
    versions: { postgresql: history.version },
  };
}

async function latenessByStage(history: History): Promise<ReadonlyMap<string, readonly number[]>> {
  await using scratch = await scratchDirectory();
  const file = path.join(scratch.path, "lag.json");
  const probe = pathToFileURL(path.join(import.meta.dirname, "lag", "probe.ts")).href;
  const { stdout } = await runTrainer({ history, spec: {}, probe, env: { LAG_FILE: file } });
  const samples = Samples.parse(JSON.parse(await readFile(file, "utf8")));
  return new Map([...stageTimes(stdout)].map(([stage, time]) => [stage, latenessWithin(time, samples)]));
}

function rows(stage: string, late: readonly number[], bar?: Measurement["bar"]): readonly Measurement[] {
  const name = `main thread late, ${stage}`;
  return [
    {
      name: `${name}: p99`,
      unit: "ms",
      ours: quantile(late, 0.99),
      ...(bar === undefined ? {} : { bar }),
    },
    { name: `${name}: longest`, unit: "ms", ours: quantile(late, 1) },
  ];
}
