import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { z } from "zod";

/** One line of the trainer's log. */
export const LogLine = z
  .object({ timestamp: z.string(), level: z.string(), message: z.string(), stage: z.string().optional() })
  .loose();
export type LogLine = z.infer<typeof LogLine>;

export interface TrainerCall {
  /** Below trainer/; main.ts, the container's entry, unless told otherwise. */
  readonly program?: "main.ts" | "train.ts" | "demo/main.ts";
  readonly args?: readonly string[];
  /** Beside the few variables that say where the machine keeps things; nothing else of ours is inherited. */
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  /** A program in front of node, with its arguments. */
  readonly before?: readonly string[];
}

export interface EndedTrainer {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Texts of the files that REPORT_FILE and TERMINATION_LOG name; undefined where none was written. */
  readonly report: string | undefined;
  readonly termination: string | undefined;
}

/** A trainer that runs; with its block it is killed. */
export interface RunningTrainer extends Disposable {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** The first log line that fits; rejects when the process ends without one. */
  saw(fits: (line: LogLine) => boolean): Promise<LogLine>;
  readonly ended: Promise<EndedTrainer>;
}

const trainer = join(import.meta.dirname, "..", "..", "trainer");
const inherited = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XGBOOST_LIBRARY"];

/** Every line of a log that shall be JSON; throws at the first that is not. */
export const logLines = (stdout: string): LogLine[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => LogLine.parse(JSON.parse(line)));

/** Starts the trainer on this Node, in a process group of its own, as a terminal or a container would. */
export async function startTrainer(call: TrainerCall = {}): Promise<RunningTrainer> {
  const { program = "main.ts", args = [], before = [], uid } = call;
  const scratch = await mkdtemp(join(tmpdir(), "retrain-run-"));
  await chmod(scratch, 0o777);
  const files = { REPORT_FILE: join(scratch, "report.json"), TERMINATION_LOG: join(scratch, "termination") };
  const [command = "", ...rest] = [...before, process.execPath, join(trainer, program), ...args];
  const child = spawn(command, rest, {
    ...(uid !== undefined && { uid, gid: uid }),
    env: { ...machine(), ...files, ...call.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Cannot start ${command}`);
  return {
    pid,
    kill: (signal) => void child.kill(signal),
    saw: (fits) => lineThatFits(child, fits),
    ended: endOf(child, files).finally(() => rm(scratch, { recursive: true, force: true })),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

/** Runs the trainer to its end. */
export async function runTrainer(call: TrainerCall = {}): Promise<EndedTrainer> {
  using running = await startTrainer(call);
  return await running.ended;
}

const machine = (): NodeJS.ProcessEnv =>
  Object.fromEntries(inherited.map((name) => [name, process.env[name] ?? ""]).filter(([, value]) => value));

async function endOf(
  child: ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream },
  files: { readonly REPORT_FILE: string; readonly TERMINATION_LOG: string },
): Promise<EndedTrainer> {
  const ended = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return {
    exitCode: child.exitCode,
    signal: child.signalCode,
    stdout,
    stderr,
    report: await textOf(files.REPORT_FILE),
    termination: await textOf(files.TERMINATION_LOG),
  };
}

const textOf = async (file: string): Promise<string | undefined> =>
  existsSync(file) ? await readFile(file, "utf8") : undefined;

async function lineThatFits(
  child: ChildProcess & { stdout: NodeJS.ReadableStream },
  fits: (line: LogLine) => boolean,
): Promise<LogLine> {
  for await (const line of createInterface({ input: child.stdout })) {
    const parsed = LogLine.parse(JSON.parse(line));
    if (fits(parsed)) return parsed;
  }
  throw new Error("The trainer ended without the line that was waited for");
}
