import { writeFileSync, readFileSync } from "node:fs";
import os from "node:os";

import type { TerminationMessage } from "../contract/termination-message.ts";
import type { TrainerInput } from "../contract/trainer-input.ts";
import { terminationLogOf, type TrainerConfig } from "./config.ts";
import { RunFailure } from "./errors.ts";
import { execute, type Machine } from "./execute.ts";
import { createLog, createTerminalLog } from "./log.ts";
import { logDisplay } from "./progress.ts";
import { terminalDisplay } from "./terminal.ts";
import { setOpenMpVariables, trainingThreads } from "./xgboost/threads.ts";

type Process = NodeJS.Process;

/** What the process may use: the container's limits where there are any. */
export function machineOf(process: Process): Machine {
  const limit = process.constrainedMemory();
  return {
    clock: () => new Date(),
    seconds: () => performance.now() / 1000,
    threads: trainingThreads(os.availableParallelism(), readText),
    memoryLimitBytes: limit > 0 && limit < os.totalmem() ? limit : undefined,
    peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // Absent on machines without control groups.
  }
}

/** How a process learns what to do, and when to stop. */
export interface Told {
  readonly configOf: (environment: NodeJS.ProcessEnv, needsDatabase: boolean) => TrainerConfig;
  readonly inputOf: (environment: NodeJS.ProcessEnv) => TrainerInput;
  readonly stopped: AbortSignal;
}

/**
 * Runs one run in this process until it ends or is stopped; the exit code is the run's. What is wrong with the environment itself is
 * told the same way, in the log and in the termination message.
 */
export async function runProcess(process: Process, { configOf, inputOf, stopped }: Told): Promise<void> {
  const machine = machineOf(process);
  setOpenMpVariables(process.env, machine.threads);
  try {
    const input = inputOf(process.env);
    const config = configOf(process.env, input.restore === undefined);
    const onTerminal = process.stderr.isTTY;
    const log = onTerminal ? createTerminalLog(config.logLevel) : createLog(config.logLevel);
    const display = onTerminal ? terminalDisplay(process.stderr) : logDisplay(log, machine.seconds);
    const report = await execute({
      input,
      config,
      machine,
      log,
      display,
      signal: stopped,
    });
    process.exitCode = report.exitCode;
  } catch (error) {
    process.exitCode = refuse(process, error);
  }
}

function refuse(process: Process, error: unknown): number {
  const failure =
    error instanceof RunFailure
      ? error
      : new RunFailure("Bug", `A bug in the trainer: ${String(error)}`, { cause: error });
  const log = createLog("info");
  const { reason, exitCode } = failure;
  log.error(failure.message, { verdict: "Failed", reason, exitCode });
  const file = terminationLogOf(process.env);
  const message: TerminationMessage = {
    schemaVersion: 1,
    runUid: "",
    verdict: "Failed",
    reason,
    message: failure.message.slice(0, 1000),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
  try {
    if (file !== undefined) writeFileSync(file, JSON.stringify(message));
  } catch (problem) {
    log.error(`Cannot write the termination message: ${String(problem)}`);
  }
  return exitCode;
}
