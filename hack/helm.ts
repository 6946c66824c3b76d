import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import { compilerProgress } from "./cluster/build.ts";
import { run, type Say } from "./xgboost/run.ts";

/** Kubernetes' own module pins Helm too, so that both are compiled from the same libraries. */
const module = path.join(import.meta.dirname, "cluster", "go");

/**
 * The path of a real Helm, which is first built from Go modules where the cache has none: a minute where Kubernetes was
 * built before, else four. Throws an Error that says what failed and what to do.
 */
export async function ensureHelm(say: Say, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const file = await cachedHelm(environment);
  if (existsSync(file)) return file;
  try {
    await build(file, say);
    return file;
  } catch (cause) {
    const why = Error.isError(cause) ? cause.message : String(cause);
    throw new Error(`Cannot build Helm: ${why}; install Go (https://go.dev/dl)`, { cause });
  }
}

/** Where the Helm of the pinned sources lies, whether or not it has been built. */
export async function cachedHelm(environment: NodeJS.ProcessEnv): Promise<string> {
  const sums = await readFile(path.join(module, "go.sum"));
  const hash = createHash("sha256")
    .update(sums)
    .update((await linkerFlags()).join(" "))
    .digest("hex");
  const name = `helm-${await pinned("helm.sh/helm/v3")}-${process.arch}-${hash.slice(0, 12)}`;
  return path.join(cacheDirectory(environment, homedir()), name, "helm");
}

async function build(file: string, say: Say): Promise<void> {
  const home = path.dirname(file);
  await mkdir(path.dirname(home), { recursive: true });
  const work = await mkdtemp(path.join(path.dirname(home), ".helm-")); // Beside its goal: a rename must not cross devices.
  try {
    say(`building Helm ${await pinned("helm.sh/helm/v3")} from Go modules`);
    const flags = ["build", "-C", module, "-v", "-trimpath", "-buildvcs=false"];
    const linked = ["-ldflags", (await linkerFlags()).join(" "), "-o", path.join(work, "helm")];
    await run("nice", [...asGo, ...flags, ...linked, "helm.sh/helm/v3/cmd/helm"], compilerProgress(say));
    if (!existsSync(file)) await rename(work, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const asGo = ["-n", "15", "env", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOGC=400", "go"];

/** Without these, Helm takes itself for one of Kubernetes 1.20, and a chart's kubeVersion refuses it. */
async function linkerFlags(): Promise<string[]> {
  const [major = "", minor = ""] = (await pinned("k8s.io/kubernetes")).slice(1).split(".");
  const words = {
    "internal/version.version": await pinned("helm.sh/helm/v3"),
    "pkg/lint/rules.k8sVersionMajor": major,
    "pkg/lint/rules.k8sVersionMinor": minor,
    "pkg/chartutil.k8sVersionMajor": major,
    "pkg/chartutil.k8sVersionMinor": minor,
  };
  return ["-s", "-w", ...Object.entries(words).map(([name, value]) => `-X helm.sh/helm/v3/${name}=${value}`)];
}

async function pinned(name: string): Promise<string> {
  const pins = await readFile(path.join(module, "go.mod"), "utf8");
  const line = pins.split("\n").find((each) => each.trim().startsWith(`${name} v`));
  if (line === undefined) throw new Error(`go.mod pins no ${name}`);
  return line.trim().slice(name.length + 1);
}

if (import.meta.main) {
  const say: Say = (line) => void process.stderr.write(`${line}\n`);
  process.stdout.write(`${await ensureHelm(say)}\n`);
}
