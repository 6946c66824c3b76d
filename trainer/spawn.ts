import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants, homedir } from "node:os";
import path from "node:path";

import { z } from "zod";

import { ExitCode } from "../contract/exit-codes.ts";
import { cacheDirectory } from "./xgboost/library.ts";

/** V8 lets its nursery grow to 48 MB for an allocation rate that is over when the training begins. */
const nodeFlags = ["--max-semi-space-size=2"];

/** Where Node keeps stripped sources, so that its type stripper (30 MB a thread) is not loaded again. */
export const compileCache = (environment: NodeJS.ProcessEnv): string =>
  environment["NODE_COMPILE_CACHE"] ?? path.join(cacheDirectory(environment, homedir()), "compile");

const Exit = z.tuple([z.int().nullable(), z.string().nullable()]);

/**
 * Runs the trainer's own process with the environment of this one and `added`, as a container would, and returns
 * its exit code. A signal to this process is handed on.
 */
export async function spawnTrainer(process: NodeJS.Process, added: NodeJS.ProcessEnv): Promise<number> {
  const main = path.join(import.meta.dirname, "main.ts");
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache(process.env), ...added };
  const child = spawn(process.execPath, [...nodeFlags, main], { stdio: "inherit", env });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", forward);
  process.on("SIGINT", forward);
  const [code, signal] = Exit.parse(await once(child, "exit"));
  process.off("SIGTERM", forward);
  process.off("SIGINT", forward);
  if (signal === "SIGKILL") {
    process.stderr.write(
      "The trainer was killed by SIGKILL, perhaps because memory ran out; what was current still is, and the next run cleans up\n",
    );
    return 128 + constants.signals.SIGKILL;
  }
  // A second Ctrl-C can meet a trainer whose handlers are not up yet, or down already.
  return code ?? (signal === "SIGTERM" || signal === "SIGINT" ? ExitCode.Terminated : ExitCode.Bug);
}
