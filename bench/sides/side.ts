import { writeFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { compileCache } from "../../trainer/spawn.ts";
import { measureProcess, type Command, type Cost } from "./measured-process.ts";
import { scratchDirectory } from "./scratch.ts";

/** What both sides say of a task. */
const Told = z.object({
  /** Of the work, without what the process has to load first. */
  seconds: z.number(),
  stages: z.record(z.string(), z.number()),
});

export type Done<Result> = z.infer<typeof Told> & Result & Omit<Cost, "stdout">;

export interface Task<Result> {
  readonly name: string;
  readonly plan: object;
  readonly result: z.ZodType<Result>;
}

/** The trainer's own code, started as `spawnTrainer` starts it. */
export const ours = <Result>(task: Task<Result>): Promise<Done<Result>> => {
  const main = path.join(import.meta.dirname, "..", "ours", "main.ts");
  return carryOut({ program: process.execPath, words: [...trainerFlags, main, task.name] }, task);
};

/** The pipeline of bench/peer. */
export const peer = <Result>(python: string, task: Task<Result>): Promise<Done<Result>> => {
  const script = path.join(import.meta.dirname, "..", "peer", `${task.name}.py`);
  return carryOut({ program: python, words: [script] }, task);
};

/** Of Node.js, as `spawnTrainer` has them. */
export const trainerFlags = ["--max-semi-space-size=2"];

export const sideEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: compileCache(process.env),
  PYTHONDONTWRITEBYTECODE: "1",
});

async function carryOut<Result>(
  { program, words }: Pick<Command, "program" | "words">,
  { plan, result }: Task<Result>,
): Promise<Done<Result>> {
  await using scratch = await scratchDirectory();
  const file = path.join(scratch.path, "plan.json");
  // Not on the command line: it names the database's password.
  await writeFile(file, JSON.stringify({ directory: scratch.path, ...plan }), { mode: 0o600 });
  const command = { program, words: [...words, file], env: sideEnvironment() };
  const { stdout, ...cost } = await measureProcess(command);
  const said: unknown = JSON.parse(stdout);
  return { ...cost, ...Told.parse(said), ...result.parse(said) };
}
