import { homedir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import {
  ensureBinaries,
  nodePrograms,
  programs,
  type Binaries,
  type BinarySearch,
} from "./cluster/binaries.ts";
import { startControlPlane, type ControlPlane } from "./cluster/control-plane.ts";
import { takeInventory, type Found } from "./cluster/inventory.ts";
import { startNode } from "./cluster/node.ts";
import { whyNoNode } from "./cluster/node/requirements.ts";
import { endControlPlane } from "./cluster/removal.ts";
import { ensureImages } from "./images.ts";
import type { Say } from "./xgboost/run.ts";

const usage = `Usage: npm run cluster -- up [--node] | status | down [DIRECTORY…]
  up      starts a control plane (etcd, kube-apiserver, kube-controller-manager) and prints its KUBECONFIG;
          with --node also a node that runs Pods, with the images of this checkout (Linux, root)
  status  lists the control planes that run
  down    ends those that up started, or the ones named`;

/** Where to look for Kubernetes' binaries, by the environment of this process. */
export function binarySearch(environment: NodeJS.ProcessEnv): BinarySearch {
  return { explicit: environment["KUBEBUILDER_ASSETS"], cacheDir: cacheDirectory(environment, homedir()) };
}

/** The same, for a control plane with a node. */
export const nodeBinarySearch = (environment: NodeJS.ProcessEnv): BinarySearch => ({
  ...binarySearch(environment),
  needed: [...programs, ...nodePrograms],
});

async function up(say: Say): Promise<string> {
  await sweep(say);
  const binaries = await ensureBinaries(say, binarySearch(process.env));
  return await started("control plane", binaries, startControlPlane, say);
}

async function upWithNode(say: Say): Promise<string> {
  const obstacle = whyNoNode();
  if (obstacle !== undefined) throw new Error(`Cannot start a node: ${obstacle}`);
  await sweep(say);
  const binaries = await ensureBinaries(say, nodeBinarySearch(process.env));
  const images = await ensureImages(say);
  return await started("control plane and node", binaries, (found) => startNode(found, images), say);
}

async function started(
  what: string,
  binaries: Binaries,
  start: (binaries: Binaries) => Promise<ControlPlane>,
  say: Say,
): Promise<string> {
  const before = performance.now();
  const plane = await start(binaries);
  await plane.keep();
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  say(`${what} ready after ${seconds} s (binaries: ${binaries.source}); npm run cluster -- down ends it`);
  return `export KUBECONFIG=${plane.kubeconfig}`;
}

async function status(say: Say): Promise<string> {
  const running = await sweep(say);
  return running.length === 0 ? "no control plane runs" : running.map(described).join("\n");
}

async function down(named: readonly string[], say: Say): Promise<string> {
  const running = await sweep(say);
  const wanted = new Set(named.map((directory) => path.resolve(directory)));
  const ours = running.filter(({ directory, deed }) =>
    wanted.size === 0 ? deed.kept : wanted.has(directory),
  );
  for (const { directory } of ours) await endControlPlane(directory);
  return ours.length === 0 ? "nothing to end" : ours.map(({ directory }) => `ended ${directory}`).join("\n");
}

async function sweep(say: Say): Promise<readonly Found[]> {
  const { running, swept } = await takeInventory(new Date());
  for (const directory of swept) say(`cleaned up ${directory}, which a killed process had left`);
  return running;
}

function described({ directory, deed, daemons }: Found): string {
  const holder = deed.kept ? "until down" : `as long as process ${String(deed.owner)}`;
  const processes = daemons.map(({ name, pid }) => `${name} ${String(pid)}`).join(", ");
  return `${directory}: since ${deed.startedAt}, ${holder}\n  ${processes}\n  export KUBECONFIG=${directory}/admin.kubeconfig`;
}

/** Undefined for a command line that makes no sense. */
function commanded(values: readonly string[], say: Say): Promise<string> | undefined {
  const options = { node: { type: "boolean", default: false } } as const;
  const parsed = parseArgs({ args: [...values], options, allowPositionals: true, strict: true });
  const [command, ...named] = parsed.positionals;
  const { node } = parsed.values;
  if (command === "up" && named.length === 0) return node ? upWithNode(say) : up(say);
  if (node) return undefined;
  if (command === "status" && named.length === 0) return status(say);
  if (command === "down") return down(named, say);
  return undefined;
}

if (import.meta.main) {
  const say: Say = (line) => void process.stderr.write(`${line}\n`);
  try {
    const said = await commanded(process.argv.slice(2), say);
    if (said === undefined) throw new Error(usage);
    process.stdout.write(`${said}\n`);
  } catch (error) {
    if (!Error.isError(error)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
