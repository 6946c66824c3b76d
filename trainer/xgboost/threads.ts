import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";

/** Content of a file, undefined if it cannot be read. */
type ReadText = (file: string) => string | undefined;

const root = "/sys/fs/cgroup";

/**
 * How many threads training may use: the CPUs of the process (`available`), less if
 * its control group allows less.
 *
 * Node 24 looks at control groups too, but in version 1 never finds the limit, and in version 2 lets an outer
 * group's larger limit win over the own one. A fraction of a CPU is no thread: the rest would be throttled.
 */
export function trainingThreads(
  available: number = availableParallelism(),
  readText: ReadText = systemText,
): number {
  const limits = cpuLimits(readText).map((cpus) => Math.max(1, Math.floor(cpus)));
  return Math.max(1, Math.min(available, ...limits));
}

function systemText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // Which files there are depends on the system: none means no limit.
  }
}

/** CPU limits of the process's control groups and of those around them, in CPUs. */
function cpuLimits(readText: ReadText): readonly number[] {
  const groups = (readText("/proc/self/cgroup") ?? "").split("\n").map((line) => line.split(":"));
  return groups
    .flatMap(([, controllers, group]) => {
      if (controllers === undefined || group === undefined) return [];
      if (controllers === "") return upwards(root, group).map((at) => limitV2(at, readText));
      if (!controllers.split(",").includes("cpu")) return [];
      return upwards(path.join(root, controllers), group).map((at) => limitV1(at, readText));
    })
    .filter((cpus) => cpus > 0 && Number.isFinite(cpus));
}

/** The directory of a group and all above it. In a container the group's path may be the host's: only the mount exists. */
function upwards(mount: string, group: string): readonly string[] {
  const parts = group.split("/").filter((part) => part !== "");
  return [...parts.keys(), parts.length].map((depth) => path.join(mount, ...parts.slice(0, depth)));
}

function limitV2(directory: string, readText: ReadText): number {
  const [quota, period] = (readText(path.join(directory, "cpu.max")) ?? "").trim().split(" ");
  return Number(quota) / Number(period); // "max" is not a number.
}

function limitV1(directory: string, readText: ReadText): number {
  const quota = Number(readText(path.join(directory, "cpu.cfs_quota_us")) ?? -1); // -1: no limit.
  return quota / Number(readText(path.join(directory, "cpu.cfs_period_us")) ?? NaN);
}

/**
 * How often an OpenMP thread looks for work before it sleeps. libgomp's own default spins for milliseconds: beside a
 * busy neighbour 300 rounds of the sample then took 82 s, with this 6 s; on an idle machine 0.93 s and 1.04 s.
 * Passive waiting (0 looks) took 2.8 s and 1.7 s.
 */
const spinCount = "1000";

/**
 * Sets what OpenMP reads when the library is loaded: call it on the main thread, before. What the environment
 * already says about threads or waiting stays.
 */
export function setOpenMpVariables(environment: NodeJS.ProcessEnv, threads: number): void {
  environment["OMP_NUM_THREADS"] ??= String(threads);
  if (environment["OMP_WAIT_POLICY"] === undefined) environment["GOMP_SPINCOUNT"] ??= spinCount;
}
