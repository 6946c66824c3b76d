import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { z } from "zod";

import { compileCache } from "../../trainer/spawn.ts";

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
  const { program = "main.ts", args = [] } = call;
  const scratch = await mkdtemp(join(tmpdir(), "retrain-run-"));
  const files = { REPORT_FILE: join(scratch, "report.json"), TERMINATION_LOG: join(scratch, "termination") };
  const child = spawn(process.execPath, [join(trainer, program), ...args], {
    env: { ...machine(), NODE_COMPILE_CACHE: compileCache(process.env), ...files, ...call.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Cannot start ${process.execPath}`);
  const [out, err] = [listenTo(child.stdout), listenTo(child.stderr)];
  const closed = once(child, "close");
  const end = async (): Promise<EndedTrainer> => {
    await closed;
    const [report, termination] = [await textOf(files.REPORT_FILE), await textOf(files.TERMINATION_LOG)];
    await rm(scratch, { recursive: true, force: true });
    const { exitCode, signalCode: signal } = child;
    return { exitCode, signal, stdout: out.said(), stderr: err.said(), report, termination };
  };
  return {
    pid,
    kill: (signal) => void child.kill(signal),
    saw: (fits) => lineThatFits(out, closed, fits),
    ended: end(),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

/** Runs the trainer to its end. */
export async function runTrainer(call: TrainerCall = {}): Promise<EndedTrainer> {
  using running = await startTrainer(call);
  return await running.ended;
}

const machine = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
  );

/** What a stream has said so far; `more` waits for the next part of it. */
interface Heard {
  readonly said: () => string;
  readonly more: () => Promise<void>;
}

function listenTo(stream: Readable): Heard {
  let said = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  return {
    said: () => said,
    more: async () => {
      await once(stream, "data");
    },
  };
}

async function lineThatFits(
  { said, more }: Heard,
  closed: Promise<unknown>,
  fits: (line: LogLine) => boolean,
): Promise<LogLine> {
  const over = closed.then(() => "over" as const);
  for (;;) {
    const line = logLines(said().replace(/[^\n]*$/, "")).find(fits);
    if (line !== undefined) return line;
    if ((await Promise.race([more(), over])) === "over") throw new Error(`No line fits of:\n${said()}`);
  }
}

const textOf = async (file: string): Promise<string | undefined> =>
  existsSync(file) ? await readFile(file, "utf8") : undefined;
