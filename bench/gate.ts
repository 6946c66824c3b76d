import { cp } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { count, optionsOf } from "./options.ts";
import type { Program, Say } from "./program.ts";
import type { Measured } from "./report.ts";
import { openHistory, sampleDirectory, wantedOf, type History } from "./sides/history.ts";
import { alone, type Column } from "./sides/interleaved.ts";
import { scratchDirectory } from "./sides/scratch.ts";
import { runTrainer, stageSeconds, type TrainerRun } from "./sides/trainer-run.ts";

const Size = z.object({ data: z.string(), readings: count(5000), turns: count(1) });
const day = 86_400_000;
/** Between the champion's clock and the run's: a month and what the window needs. */
const daysApart = 35;

/** A month's run that has a champion to beat. */
export const gate: Program = {
  summary: "a run with the gate on, that compares with a champion of a month ago",
  takes: "3 minutes with real data; Linux",
  options: {
    data: { default: sampleDirectory(), meaning: 'directory with three CSV files; "" generates readings' },
    readings: { default: "463000", meaning: "that are generated where there is no directory" },
    turns: { default: "3", meaning: "runs" },
  },
  measure,
};

async function measure(values: unknown, say: Say): Promise<Measured> {
  const { turns, ...size } = optionsOf(Size, values);
  await using history = await openHistory(wantedOf(size), say);
  await using champion = await scratchDirectory();
  const asOf = new Date(Date.parse(history.asOf) - daysApart * day).toISOString();
  say(`Publishing the champion of ${asOf}`);
  await runTrainer({ history, spec: { gate: { mode: "Off" }, source: { asOf } }, models: champion.path });
  const runs: TrainerRun[] = [];
  for (let turn = 1; turn <= turns; turn++) {
    say(`Turn ${String(turn)} of ${String(turns)}`);
    runs.push(await challenge(history, champion.path));
  }
  return {
    measurements: columns.map((column) => alone(runs, column)),
    versions: { postgresql: history.version },
  };
}

/** Each run meets the same champion. */
async function challenge(history: History, champion: string): Promise<TrainerRun> {
  await using scratch = await scratchDirectory();
  const models = path.join(scratch.path, "models");
  await cp(champion, models, { recursive: true, verbatimSymlinks: true });
  const run = await runTrainer({ history, spec: {}, models });
  if (run.report.gate === undefined) throw new Error(`The gate has not judged: ${run.report.message}`);
  return run;
}

const stage = (name: string): Column<TrainerRun> => ({
  name: `gate on: ${name}`,
  unit: "s",
  of: (run) => stageSeconds(run, name),
});

const columns: readonly Column<TrainerRun>[] = [
  { name: "gate on: whole run", unit: "s", of: ({ wallSeconds }) => wallSeconds },
  { name: "gate on: CPU time", unit: "s", of: ({ cpuSeconds }) => cpuSeconds },
  { name: "gate on: peak memory", unit: "MB", of: ({ peakBytes }) => peakBytes / 1e6 },
  ...["search", "evaluate", "backtest", "train", "verify", "report", "publish"].map(stage),
];
