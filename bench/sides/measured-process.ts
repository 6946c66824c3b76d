import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

import { ProcessTree } from "./process-tree.ts";

export interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What a command took, with every process that it started. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time; up to 50 ms of each process may be missing. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly stdout: string;
}

const lookEveryMilliseconds = 50;

/** Runs a command to its end. Throws an Error with what it complained about when it fails. Linux only. */
export async function measureProcess({ program, words, env }: Command): Promise<Cost> {
  const begun = performance.now();
  const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const done = new AbortController();
  const watched = watch(child.pid ?? 0, done.signal);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, "close");
  const wallSeconds = (performance.now() - begun) / 1000;
  done.abort();
  const [stdout, stderr] = await output;
  const { cpuSeconds, peakBytes } = await watched;
  if (child.exitCode !== 0) throw new Error(`${program} ${words.join(" ")} has failed: ${lastLines(stderr)}`);
  return { wallSeconds, cpuSeconds, peakBytes, stdout };
}

async function watch(pid: number, signal: AbortSignal): Promise<ProcessTree> {
  const tree = new ProcessTree(pid);
  while (!signal.aborted) {
    tree.look();
    await setTimeout(lookEveryMilliseconds);
  }
  return tree;
}

const lastLines = (complaint: string): string => complaint.trim().split("\n").slice(-15).join("\n");
