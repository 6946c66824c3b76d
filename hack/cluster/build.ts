import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import path from "node:path";

import { codeOf } from "../../trainer/errors.ts";
import { run, type Say } from "../xgboost/run.ts";

const module = path.join(import.meta.dirname, "go");
const sources = ["go.mod", "go.sum", path.join("kube", "main.go")];
/** The one binary finds out by its name which of these it is to be. */
const links = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
];

/** Where the binaries of the pinned sources lie in the cache, whether or not they have been built. */
export async function builtDirectory(cacheDir: string): Promise<string> {
  const hash = createHash("sha256").update(process.arch);
  for (const name of sources) hash.update(await readFile(path.join(module, name)));
  const version = await kubernetesVersion();
  return path.join(cacheDir, `kubernetes-${version}-${process.arch}-${hash.digest("hex").slice(0, 12)}`);
}

/**
 * Builds etcd and Kubernetes from Go modules into the cache: 4 minutes on two cores, 3 GB in Go's own caches. Two
 * builds at once both end well. Throws an Error with what the compiler said.
 */
export async function buildBinaries(cacheDir: string, say: Say): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  await removeKilledBuilds(cacheDir, new Date());
  const work = await mkdtemp(path.join(cacheDir, unfinished)); // Beside its goal: a rename must not cross devices.
  try {
    const version = await kubernetesVersion();
    say(`building Kubernetes ${version} and etcd from Go modules, about 4 minutes on two cores`);
    await goBuild("./kube", path.join(work, "kube"), say);
    await goBuild("go.etcd.io/etcd/server/v3", path.join(work, "etcd"), say);
    for (const name of links) await symlink("kube", path.join(work, name));
    await settle(work, await builtDirectory(cacheDir));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const unfinished = ".kubernetes-";
const longestBuildMilliseconds = 24 * 3_600_000;

/** Whatever is older than a day belongs to nobody any more. */
export async function removeKilledBuilds(cacheDir: string, now: Date): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => name.startsWith(unfinished));
  for (const directory of names.map((name) => path.join(cacheDir, name))) {
    const { mtimeMs } = await stat(directory);
    if (now.getTime() - mtimeMs > longestBuildMilliseconds)
      await rm(directory, { recursive: true, force: true });
  }
}

async function kubernetesVersion(): Promise<string> {
  const pins = await readFile(path.join(module, "go.mod"), "utf8");
  const version = /^\s*k8s\.io\/kubernetes (v\S+)$/mu.exec(pins)?.[1];
  if (version === undefined) throw new Error("go.mod pins no k8s.io/kubernetes");
  return version;
}

/** Without these the server calls itself v0.0.0-master, and charts' kubeVersion refuses it. */
function versionFlags(version: string): string[] {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const words = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "archive" };
  return Object.entries(words).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}

/** Niced, for the compiler takes every core; GOGC lets it collect less, as memory is there. */
const asGo = ["-n", "15", "env", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOGC=400", "go"];

async function goBuild(source: string, output: string, say: Say): Promise<void> {
  const flags = ["-s", "-w", ...versionFlags(await kubernetesVersion())].join(" ");
  const values = ["build", "-C", module, "-v", "-trimpath", "-buildvcs=false", "-ldflags", flags];
  await run("nice", [...asGo, ...values, "-o", output, source], compilerProgress(say));
  say(`  ${path.basename(output)}: done`);
}

/** Go names each package that it has compiled; what else it says is passed on. */
export function compilerProgress(say: Say): Say {
  let packages = 0;
  return (line) => {
    if (!/^\s*[\w.-]+(\/[\w.~-]+)*$/u.test(line)) say(line);
    else if (++packages % 100 === 0) say(`  ${String(packages)} packages compiled`);
  };
}

async function settle(built: string, goal: string): Promise<void> {
  try {
    await rename(built, goal);
  } catch (error) {
    if (codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw error; // Another build came first.
  }
}
