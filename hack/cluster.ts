import { homedir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import { ensureBinaries, type BinarySearch } from "./cluster/binaries.ts";
import { startControlPlane } from "./cluster/control-plane.ts";
import { endControlPlane, takeInventory, type Found } from "./cluster/inventory.ts";
import type { Say } from "./xgboost/run.ts";

const usage = `Usage: npm run cluster -- up | status | down [DIRECTORY…]
  up      starts a control plane (etcd, kube-apiserver, kube-controller-manager) and prints its KUBECONFIG
  status  lists the control planes that run
  down    ends those that up started, or the ones named`;

/** Where to look for Kubernetes' binaries, by the environment of this process. */
export function binarySearch(environment: NodeJS.ProcessEnv): BinarySearch {
  return { explicit: environment["KUBEBUILDER_ASSETS"], cacheDir: cacheDirectory(environment, homedir()) };
}

async function up(say: Say): Promise<string> {
  await sweep(say);
  const binaries = await ensureBinaries(say, binarySearch(process.env));
  const before = performance.now();
  const plane = await startControlPlane(binaries);
  await plane.keep();
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  say(
    `control plane ready after ${seconds} s (binaries: ${binaries.source}); npm run cluster -- down ends it`,
  );
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
  const { positionals } = parseArgs({ args: [...values], allowPositionals: true, strict: true });
  const [command, ...named] = positionals;
  if (command === "up" && named.length === 0) return up(say);
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
