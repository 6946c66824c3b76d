import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import type { ControlPlane } from "../../hack/cluster/control-plane.ts";

/** What on this machine speaks of a node: its directory, processes, mounts, control groups and cable. */
export async function tracesOf({
  directory,
  url,
}: Pick<ControlPlane, "directory" | "url">): Promise<string[]> {
  const machine = new URL(url).hostname;
  const cables = Object.entries(networkInterfaces()).filter(([, each]) =>
    each?.some(({ address }) => address === machine),
  );
  const traces = {
    directory: existsSync(directory) ? [directory] : [],
    process: await processes(directory),
    mount: (await readFile("/proc/self/mounts", "utf8"))
      .split("\n")
      .filter((line) => line.includes(directory)),
    group: await controlGroups(path.basename(directory)),
    cable: cables.map(([name]) => name),
  };
  return Object.entries(traces).flatMap(([kind, all]) => (all.length > 0 ? [kind] : []));
}

/** A group that holds a process cannot be removed: where there is none, containers have ended. */
async function controlGroups(name: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("find", ["/sys/fs/cgroup", "-maxdepth", "2", "-name", name]);
  return stdout.split("\n").filter((line) => line !== "");
}

async function processes(directory: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(directory));
}

/** The nftables of this machine's own network namespace. */
export async function firewall(): Promise<string> {
  return (await promisify(execFile)("nft", ["list", "ruleset"])).stdout;
}
