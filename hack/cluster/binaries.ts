import { access, constants } from "node:fs/promises";
import path from "node:path";

import { type Say } from "../xgboost/run.ts";
import { buildBinaries, builtDirectory } from "./build.ts";

/** What a control plane and its tests start. envtest's assets, for example, lack the controller manager. */
export const programs = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"];
/** What a node needs beside them. */
export const nodePrograms = ["kube-scheduler", "kube-proxy", "kubelet"];

export interface BinarySearch {
  /** What is started; by default a control plane. */
  readonly needed?: readonly string[];
  /** Value of KUBEBUILDER_ASSETS: a directory that somebody else filled. */
  readonly explicit?: string | undefined;
  /** The project's own cache: see cacheDirectory(). */
  readonly cacheDir: string;
}

export interface Binaries {
  readonly directory: string;
  readonly source: "KUBEBUILDER_ASSETS" | "cache";
}

/** The first directory that has every program; undefined when there is none. `passOver` hears why one was not taken. */
export async function findBinaries(
  search: BinarySearch,
  passOver: Say = () => undefined,
): Promise<Binaries | undefined> {
  const { needed = programs } = search;
  for (const candidate of await candidates(search)) {
    const missing = await missingPrograms(candidate.directory, needed);
    if (missing.length === 0) return candidate;
    if (candidate.source === "cache") continue;
    passOver(`KUBEBUILDER_ASSETS: ${candidate.directory} has no ${missing.join(", ")}: passed over`);
  }
  return undefined;
}

/** The binaries, built first where there are none. Throws an Error that says what failed and what to do. */
export async function ensureBinaries(
  say: Say,
  search: BinarySearch,
  build = buildBinaries,
): Promise<Binaries> {
  const found = await findBinaries(search, say);
  if (found !== undefined) return found;
  try {
    await build(search.cacheDir, say);
  } catch (cause) {
    const why = Error.isError(cause) ? cause.message : String(cause);
    throw new Error(
      `Cannot build Kubernetes: ${why}; install Go (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a directory with ${(search.needed ?? programs).join(", ")}`,
      { cause },
    );
  }
  const built = await findBinaries(search);
  if (built === undefined) throw new Error("Cannot use the Kubernetes just built: programs are missing");
  return built;
}

async function candidates({ explicit, cacheDir }: BinarySearch): Promise<Binaries[]> {
  const named: Binaries[] = explicit
    ? [{ directory: path.resolve(explicit), source: "KUBEBUILDER_ASSETS" }]
    : [];
  return [...named, { directory: await builtDirectory(cacheDir), source: "cache" }];
}

async function missingPrograms(directory: string, needed: readonly string[]): Promise<string[]> {
  const checked = needed.map(async (name) => {
    try {
      await access(path.join(directory, name), constants.X_OK);
      return [];
    } catch {
      return [name]; // Absent or not to be run: access() tells by throwing.
    }
  });
  return (await Promise.all(checked)).flat();
}
