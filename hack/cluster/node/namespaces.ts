import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import type { Home, Program } from "../home.ts";

/** The namespaces that a node's programs share: process ids, mounts and network. They and all in them go with their first process. */
export interface Namespaces {
  /** containerd, in them. */
  readonly program: Program;
  /** Their first process, by its id outside. */
  readonly pid: number;
}

/**
 * The paths that container programs share with the machine are fixed; each gets a mount that nobody outside sees. Mounts
 * of containers must reach other containers, hence `rshared`, and never the machine, hence the propagation `slave`.
 * The shell stays because a first process must reap orphans.
 */
const firstProcess = `
set -e
ip link set lo up
mount --make-rshared /
for fixed in /run /var/lib /var/log; do mount -t tmpfs tmpfs "$fixed"; done
mkdir -p /run/netns /var/lib/kubelet
mount --bind "$1/kubelet" /var/lib/kubelet
containerd --config "$1/containerd.toml" &
wait $!
`;

const apart = ["--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc", "--propagation=slave"];

/** Starts containerd in new namespaces. The files that it reads must be in `home` already. */
export async function makeNamespaces(home: Home): Promise<Namespaces> {
  const shell = ["/bin/sh", "-c", firstProcess, "node", home.directory];
  const program = await home.launch("containerd", "unshare", [...apart, "--", ...shell]);
  const pid = await firstIn(program);
  home.record(firstProcessName, pid);
  return { program, pid };
}

/** The name under which the first process is written down. */
export const firstProcessName = "namespaces";

/** The command line that runs another one in the namespaces of a process. */
export const inside = (pid: number, command: string, values: readonly string[]): [string, string[]] => {
  const target = ["--target", String(pid), "--mount", "--pid", "--net", "--"];
  return ["nsenter", [...target, command, ...values]];
};

/** The child of `unshare`, as soon as it is the shell: only then are the namespaces there. */
async function firstIn(program: Program): Promise<number> {
  const pid = String(program.pid);
  while (program.ended() === undefined) {
    const [child] = (await textOf(`/proc/${pid}/task/${pid}/children`)).split(" ");
    if (child !== undefined && (await textOf(`/proc/${child}/comm`)) === "sh\n") return Number(child);
    await setTimeout(pollMilliseconds);
  }
  throw new Error(
    `Cannot start a node: unshare ended with ${program.ended() ?? ""}; it needs root with CAP_SYS_ADMIN`,
  );
}

const pollMilliseconds = 10;

/** Empty when the process has just gone. */
const textOf = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");
