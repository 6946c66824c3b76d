import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

import { binarySearch } from "../cluster.ts";
import { findBinaries } from "../cluster/binaries.ts";
import { takeInventory, type Found } from "../cluster/inventory.ts";
import { firstProcessName } from "../cluster/node/namespaces.ts";

/** The cluster that people develop against. */
export interface DevCluster {
  readonly kubeconfig: string;
  /** `npm run cluster` has started it. */
  readonly isOurs: boolean;
  /** A process in the namespaces of its node; undefined when that is not one of ours, or there is none. */
  readonly nodePid: number | undefined;
  /** Runs kubectl and returns what it says. Throws an Error with what it complains of. */
  kubectl(values: readonly string[], input?: string): Promise<string>;
}

/**
 * The cluster of KUBECONFIG, else the only control plane that `npm run cluster` has running. Throws an Error that says how
 * to get one.
 */
export async function findCluster(environment: NodeJS.ProcessEnv): Promise<DevCluster> {
  const { running } = await takeInventory(new Date());
  const kubeconfig = environment["KUBECONFIG"] || onlyOne(running.filter(({ deed }) => deed.kept));
  const ours = running.find(({ directory }) => directory === path.dirname(path.resolve(kubeconfig)));
  const binaries = await findBinaries(binarySearch(environment));
  const program = binaries === undefined ? "kubectl" : path.join(binaries.directory, "kubectl");
  return {
    kubeconfig,
    isOurs: ours !== undefined,
    nodePid: ours?.daemons.find(({ name }) => name === firstProcessName)?.pid,
    kubectl: (values, input = "") => kubectl(program, [`--kubeconfig=${kubeconfig}`, ...values], input),
  };
}

function onlyOne(kept: readonly Found[]): string {
  const [first, ...others] = kept;
  if (first === undefined) {
    throw new Error(
      "Cannot find a cluster: set KUBECONFIG, or start one that runs Pods with npm run cluster -- up --node",
    );
  }
  if (others.length > 0) {
    const all = kept.map(({ directory }) => directory).join(", ");
    throw new Error(`Cannot choose among ${all}: set KUBECONFIG to the admin.kubeconfig of one`);
  }
  return path.join(first.directory, "admin.kubeconfig");
}

async function kubectl(program: string, values: readonly string[], input: string): Promise<string> {
  const child = spawn(program, values, { stdio: "pipe" });
  child.stdin.on("error", () => undefined); // One that has ended reads no more; its exit code says why.
  child.stdin.end(input);
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (child.exitCode !== 0) throw new Error(`kubectl ${values.slice(1).join(" ")}: ${complaint.trim()}`);
  return said;
}
