import { parseArgs } from "node:util";

import { given } from "../contract/given.ts";
import { RunFailure } from "./errors.ts";
import { byHand, currentUser, localInput, readRunFile } from "./run-file.ts";
import { spawnTrainer } from "./spawn.ts";

const usage =
  "npm run train -- RUN.yaml [--models DIR] [--json FILE] [--features FILE] [--force REASON], with DATABASE_URL set";

function commandLine(): { runFile: string; force: string | undefined; environment: NodeJS.ProcessEnv } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        models: { type: "string" },
        json: { type: "string" },
        features: { type: "string" },
        force: { type: "string" },
      },
    });
    const [runFile, ...more] = positionals;
    if (runFile === undefined || more.length > 0)
      throw new Error(`expected one manifest, got ${String(positionals.length)}`);
    const { models, json, features, force } = values;
    return {
      runFile,
      force,
      environment: given({ MODELS_DIR: models, REPORT_FILE: json, FEATURES_FILE: features }),
    };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RunFailure(
      "BadConfiguration",
      `Cannot understand the command line: ${problem}. Usage: ${usage}`,
      { cause },
    );
  }
}

/** `npm run train`: the run of a RetrainRun manifest, without a cluster. Returns the exit code. */
async function train(): Promise<number> {
  const { runFile, force, environment } = commandLine();
  const { metadata, spec } = readRunFile(runFile);
  const input = localInput(byHand(spec, { user: currentUser(), force }), metadata.uid);
  return await spawnTrainer(process, { ...environment, TRAINER_INPUT: JSON.stringify(input) });
}

try {
  if (process.argv.includes("--help")) process.stdout.write(`${usage}\n`);
  else process.exitCode = await train();
} catch (error) {
  if (!(error instanceof RunFailure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
