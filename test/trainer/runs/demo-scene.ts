import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { stringify } from "yaml";

import { startTrainer, type RunningTrainer } from "../../support/trainer-process.ts";

/** A demo with all that it writes below `home`, its server's directory too. */
export async function startDemo(home: string, args: readonly string[], rounds = 80): Promise<RunningTrainer> {
  const grid = { maxDepth: [3, 5], learningRate: [0.1], rounds: [rounds] };
  const run = { apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: {} };
  await writeFile(join(home, "run.yaml"), stringify({ ...run, spec: { training: { grid, threads: 1 } } }));
  await temporaryDirectory(home);
  const files = ["--run", join(home, "run.yaml"), "--models", join(home, "models")];
  return await startTrainer({
    program: "demo/main.ts",
    args: [...files, ...args],
    env: { TMPDIR: join(home, "tmp") },
  });
}

/** As /tmp is: the server of a demo that runs as root belongs to another user. */
export async function temporaryDirectory(home: string): Promise<void> {
  await mkdir(join(home, "tmp"));
  await chmod(join(home, "tmp"), 0o1777);
}

/** Command lines of all processes that have to do with `home`, by process id. */
export function processesOf(home: string): Record<string, string> {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const commands = ids.map((id) => [id, commandOf(id)] as const);
  return Object.fromEntries(commands.filter(([, command]) => command.includes(home)));
}

function commandOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // It has ended meanwhile.
  }
}

/** Waits as long as it takes; the test's own time limit is the end of patience. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(20);
}

/** Waits until no process and no temporary file of the demo is left. */
export async function nothingLeft(home: string): Promise<void> {
  await until(() => Object.keys(processesOf(home)).length === 0);
  await until(() => readdirSync(join(home, "tmp")).length === 0);
}
