import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { codeOf } from "../../trainer/errors.ts";

/** A process that was started for a control plane. */
export interface Daemon {
  readonly name: string;
  readonly pid: number;
}

/**
 * The daemons of a control plane that run. Their ids stand in the file `pids` of its directory; an id that has been
 * given to another process since does not count, for its command line does not name the directory.
 */
export async function runningDaemons(directory: string): Promise<Daemon[]> {
  const daemons = await recordedDaemons(directory);
  const running = await Promise.all(daemons.map(({ pid }) => runsFor(directory, pid)));
  return daemons.filter((_, index) => running[index]);
}

/** Whether the process runs and was started for this directory. A zombie has no command line, so it does not count. */
export async function runsFor(directory: string, pid: number): Promise<boolean> {
  return (await read(`/proc/${String(pid)}/cmdline`)).includes(directory);
}

/**
 * Ends the daemons by their ids and waits until they are gone. With KILL: the state is thrown away, and an apiserver
 * whose etcd goes at the same moment takes seconds over TERM.
 */
export async function endDaemons(directory: string): Promise<void> {
  for (let left = await runningDaemons(directory); left.length > 0; left = await runningDaemons(directory)) {
    for (const { pid } of left) kill(pid);
    await setTimeout(pollMilliseconds);
  }
}

const pollMilliseconds = 20;

/** All that were started, whether or not they run. */
export async function recordedDaemons(directory: string): Promise<Daemon[]> {
  const lines = (await read(path.join(directory, "pids"))).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [name = "", pid = ""] = line.split(" ");
    return { name, pid: Number(pid) };
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error; // It ended by itself just now.
  }
}

/** Empty when there is no such file, or no such process any more. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return "";
    throw error;
  }
}
