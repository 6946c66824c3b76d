import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { findBrowser, howToGetABrowser } from "./browser.ts";
import { canBuild, howToGetBuildah } from "./buildah.ts";
import { binarySearch, nodeBinarySearch } from "./cluster.ts";
import { ensureBinaries } from "./cluster/binaries.ts";
import { whyNoNode } from "./cluster/node/requirements.ts";
import { ensureHelm } from "./helm.ts";
import { ensureInterop } from "./interop.ts";
import { findPrometheus, howToGetPrometheus } from "./prometheus.ts";
import { ensureSchemathesis } from "./schemathesis.ts";
import { ensureLibrary } from "./setup.ts";

/** What a ring of tests needs beyond Node, by the end of its files' names; every other test is of the ring `unit`. */
const rings = {
  /** A real PostgreSQL: the embedded one, or DATABASE_URL's. */
  database: "\\.database\\.test\\.ts$",
  /** Whole trainer runs as processes, mounts and signals included. */
  run: "\\.run\\.test\\.ts$",
  /** The city's real data, found by SAMPLE_DATA; it is not part of the project. */
  sample: "\\.sample\\.test\\.ts$",
  /** Python 3.12 or 3.13, in which the published files are read by real packages. */
  interop: "\\.interop\\.test\\.ts$",
  /** Chromium, in which people open the report. */
  page: "\\.page\\.test\\.ts$",
  /** etcd, kube-apiserver and kube-controller-manager. */
  cluster: "\\.cluster\\.test\\.ts$",
  /** Those and a node that runs Pods: containerd, kubelet, kube-proxy, kube-scheduler. */
  node: "\\.node\\.test\\.ts$",
  /** A control plane, Helm, and Debian's Prometheus with its promtool. */
  chart: "\\.chart\\.test\\.ts$",
  /** A control plane, and Python for schemathesis, which asks the API whatever its description allows. */
  fuzz: "\\.fuzz\\.test\\.ts$",
  /** Debian's buildah, which builds the Dockerfiles as root and without a container engine. */
  image: "\\.image\\.test\\.ts$",
} as const;
type Ring = keyof typeof rings;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const isRing = (name: string): name is Ring => name in rings;
const sampleData = path.resolve(process.env["SAMPLE_DATA"] ?? "../shared/data");

/** Patterns of the files to run; names are rings, `unit`, or folders below test/ such as `trainer/extract`. */
function patterns(names: readonly string[], missing: readonly Ring[]): { only: string[]; except: string[] } {
  const only = names.flatMap((name) => {
    if (name === "unit") return [];
    return isRing(name) ? [rings[name]] : [`^.*/test/${name}(/|\\.)`];
  });
  const except = names.includes("unit") ? Object.values(rings) : [];
  return { only, except: [...except, ...missing.map((ring) => rings[ring])] };
}

/** Why the ring cannot run here, by ring; a ring that is not listed needs nothing that could be missing. */
const whyNot: Partial<Record<Ring, () => Promise<string | undefined>>> = {
  sample: () => {
    const found = existsSync(path.join(sampleData, "montpellier", "bike_count.csv"));
    const why = `${sampleData} has no montpellier/bike_count.csv; set SAMPLE_DATA to a directory that has`;
    return Promise.resolve(found ? undefined : why);
  },
  page: () => Promise.resolve(findBrowser() === undefined ? howToGetABrowser : undefined),
  interop: () => problemOf(ensureInterop(say)),
  cluster: () => problemOf(ensureBinaries(say, binarySearch(process.env))),
  chart: async () =>
    findPrometheus() === undefined
      ? howToGetPrometheus
      : ((await problemOf(ensureBinaries(say, binarySearch(process.env)))) ??
        (await problemOf(ensureHelm(say)))),
  fuzz: async () =>
    (await problemOf(ensureBinaries(say, binarySearch(process.env)))) ??
    (await problemOf(ensureSchemathesis(say))),
  image: () => Promise.resolve(canBuild() ? undefined : howToGetBuildah),
  node: async () => whyNoNode() ?? (await problemOf(ensureBinaries(say, nodeBinarySearch(process.env)))),
};

const problemOf = (tools: Promise<unknown>): Promise<string | undefined> =>
  tools.then(
    () => undefined,
    (error: unknown) => (Error.isError(error) ? error.message : String(error)),
  );

/** The rings that were asked for and cannot run, each said in one line. */
async function missingRings(names: readonly string[]): Promise<readonly Ring[]> {
  const missing: Ring[] = [];
  for (const ring of Object.keys(rings).filter(isRing)) {
    if (names.length > 0 && !names.some((name) => asksFor(name, ring))) continue;
    const why = await whyNot[ring]?.();
    if (why === undefined) continue;
    say(`Not run: the ring ${ring}, for ${why}`);
    missing.push(ring);
  }
  return missing;
}

/** Whether the name is the ring's, or that of a folder that holds some of its files. */
function asksFor(name: string, ring: Ring): boolean {
  if (name === "unit" || isRing(name)) return name === ring;
  const files = readdirSync(path.join("test", name), { recursive: true, encoding: "utf8" });
  return files.some((file) => new RegExp(rings[ring], "u").test(file));
}

function jest({ only, except }: { only: readonly string[]; except: readonly string[] }): number {
  const bin = path.join(import.meta.dirname, "..", "node_modules", "jest", "bin", "jest.js");
  const ignore = except.length === 0 ? [] : ["--testPathIgnorePatterns", ...except];
  const args = ["--experimental-vm-modules", "--no-warnings", bin, "--config", "jest.config.json", ...ignore];
  const files = only.length === 0 ? [] : ["--testPathPatterns", ...only];
  const environment = { ...process.env, SAMPLE_DATA: sampleData };
  return spawnSync(process.execPath, [...args, ...files], { stdio: "inherit", env: environment }).status ?? 1;
}

const names = process.argv.slice(2);
const unknown = names.filter(
  (name) => name !== "unit" && !isRing(name) && !existsSync(path.join("test", name)),
);
if (unknown.length > 0) {
  say(
    `There is no ring or folder ${unknown.join(", ")}; there are unit, ${Object.keys(rings).join(", ")} and the folders below test/`,
  );
  process.exit(64);
}
const missing = await missingRings(names);
if (missing.length > 0 && process.env["CI"] === "true") process.exit(1);
await ensureLibrary(say);
process.exitCode = jest(patterns(names, missing));
