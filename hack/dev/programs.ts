import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A program of this project and what its environment says beside ours. */
export interface Program {
  /** Path of its source. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs them beside each other until one ends, then the others are told to end. A Ctrl-C reaches them from the terminal, other
 * signals from here; each time they end in their own way. Returns the first exit code that is not 0.
 */
export async function runPrograms(programs: readonly Program[]): Promise<number> {
  const children = programs.map(({ file, environment }) =>
    spawn(process.execPath, [file], { stdio: "inherit", env: { ...process.env, ...environment } }),
  );
  const end = (): void => {
    for (const child of children) if (isRunning(child)) child.kill("SIGTERM");
  };
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", end);
  const exits = children.map((child) => once(child, "exit"));
  await Promise.race(exits);
  end();
  await Promise.all(exits);
  return children.map(({ exitCode }) => exitCode ?? 1).find((code) => code !== 0) ?? 0;
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;
