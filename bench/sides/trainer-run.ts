import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";

import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import { TrainerReport } from "../../contract/trainer-report.ts";
import { localInput } from "../../trainer/run-file.ts";
import type { History } from "./history.ts";
import { measureProcess, type Cost } from "./measured-process.ts";
import { scratchDirectory } from "./scratch.ts";
import { sideEnvironment, trainerFlags } from "./side.ts";

export interface TrainerCall {
  readonly history: History;
  readonly spec: RetrainRunSpec;
  /** Where versions are published; a directory of its own when absent. */
  readonly models?: string;
  /** Module that the process loads first. */
  readonly probe?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A whole run as its process costs it. */
export interface TrainerRun extends Cost {
  readonly report: TrainerReport;
}

const main = path.join(import.meta.dirname, "..", "..", "trainer", "main.ts");

/** The trainer's own process, as a container has it. Throws an Error when it ends without having judged a model. */
export async function runTrainer({ history, spec, probe, ...call }: TrainerCall): Promise<TrainerRun> {
  await using scratch = await scratchDirectory();
  const models = call.models ?? path.join(scratch.path, "models");
  await mkdir(models, { recursive: true });
  const reportFile = path.join(scratch.path, "report.json");
  const whole = { ...spec, source: { asOf: history.asOf, ...spec.source } };
  const cost = await measureProcess({
    program: process.execPath,
    words: [...trainerFlags, ...(probe === undefined ? [] : ["--import", probe]), main],
    env: {
      ...sideEnvironment(),
      TRAINER_INPUT: JSON.stringify(localInput(whole)),
      DATABASE_URL: history.url,
      MODELS_DIR: models,
      REPORT_FILE: reportFile,
      TERMINATION_LOG: path.join(scratch.path, "termination-log"),
      ...call.env,
    },
  });
  const report = TrainerReport.parse(JSON.parse(await readFile(reportFile, "utf8")));
  if (report.verdict === "Published" || report.verdict === "Rejected") return { ...cost, report };
  throw new Error(`The trainer ends as ${report.verdict}: ${report.message}`);
}

/** Seconds of a stage; 0 where the run had none. */
export const stageSeconds = ({ report }: TrainerRun, wanted: string): number =>
  report.stages.find(({ name }) => name === wanted)?.seconds ?? 0;
