import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { TrainerReport } from "../../contract/trainer-report.ts";
import { RunFailure } from "../errors.ts";
import { byHand, currentUser, localInput, readRunFile } from "../run-file.ts";
import { spawnTrainer } from "../spawn.ts";
import { fillDatabase } from "./fill.ts";
import { demoOptions, usage, type DemoOptions } from "./options.ts";
import { startPostgres } from "./postgres.ts";
import { printReport } from "./print.ts";

const say = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};

/** `npm run demo`: an embedded PostgreSQL, filled, and one whole run of the trainer's own process on it. */
async function demo(options: DemoOptions): Promise<number> {
  const spec = options.run === undefined ? {} : readRunFile(options.run).spec;
  await using postgres = await startPostgres({ say });
  const asOf = await fillDatabase(postgres.url, options, say);
  const whole = {
    ...spec,
    source: { asOf, ...spec.source },
    storage: { legacyPickle: true, ...spec.storage },
  };
  const input = localInput(byHand(whole, { user: currentUser(), force: options.force }));
  await using scratch = await temporaryDirectory();
  const reportFile = options.json ?? path.join(scratch.path, "report.json");
  const exitCode = await spawnTrainer(process, {
    TRAINER_INPUT: JSON.stringify(input),
    DATABASE_URL: postgres.url,
    MODELS_DIR: options.models,
    REPORT_FILE: reportFile,
    FEATURES_FILE: options.features ?? "",
    ...(process.stderr.isTTY ? { LOG_LEVEL: "error" } : {}), // The tables below say the rest.
  });
  if (exitCode === 0)
    await printReport(TrainerReport.parse(JSON.parse(readFileSync(reportFile, "utf8"))), options, say);
  if (options.keep) {
    const { stopCommand } = await postgres.detach();
    say(`The database is still running: DATABASE_URL=${postgres.url}`);
    say(`End it with: ${stopCommand}`);
  }
  return exitCode;
}

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "retrain-demo-"));
  return { path: directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

try {
  const words = process.argv.slice(2);
  if (words.includes("--help")) process.stdout.write(`${usage}\n`);
  else process.exitCode = await demo(demoOptions(words));
} catch (error) {
  if (!(error instanceof RunFailure)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
