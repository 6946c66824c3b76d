import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Hears what is going on, a line at a time. */
export type Say = (line: string) => void;

/**
 * Runs a command to its end and passes on what it prints. Throws an Error that names the command, how it ended and
 * its last line.
 */
export async function run(command: string, values: readonly string[], say: Say): Promise<void> {
  const child = spawn(command, values, { stdio: ["ignore", "pipe", "pipe"] });
  let last = "";
  const hear = (line: string): void => {
    if (line.trim() !== "") last = line.trim();
    say(`  ${line}`);
  };
  createInterface({ input: child.stdout }).on("line", hear);
  createInterface({ input: child.stderr }).on("line", hear);
  await once(child, "close");
  const { exitCode, signalCode } = child;
  if (exitCode !== 0) throw new Error(`${command} ended with ${String(exitCode ?? signalCode)}: ${last}`);
}
