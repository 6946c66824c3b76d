import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

import { ensureLibrary } from "./setup.ts";

/** What a ring of tests needs beyond Node, by the end of its files' names; every other test is of the ring `unit`. */
const rings = {
  /** A real PostgreSQL: the embedded one, or DATABASE_URL's. */
  database: "\\.database\\.test\\.ts$",
  /** Whole trainer runs as processes, mounts and signals included. */
  run: "\\.run\\.test\\.ts$",
  /** The city's real data, found by SAMPLE_DATA; it is not part of the project. */
  sample: "\\.sample\\.test\\.ts$",
} as const;
type Ring = keyof typeof rings;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const isRing = (name: string): name is Ring => name in rings;
const sampleData = path.resolve(process.env["SAMPLE_DATA"] ?? "../shared/data");

/** Patterns of the files to run; names are rings, `unit`, or folders below test/ such as `trainer/extract`. */
function patterns(names: readonly string[]): { only: string[]; except: string[] } {
  const only = names.flatMap((name) => {
    if (name === "unit") return [];
    return isRing(name) ? [rings[name]] : [`^.*/test/${name}(/|\\.)`];
  });
  const except = names.includes("unit") ? Object.values(rings) : [];
  return { only, except: [...except, ...(hasSample() ? [] : [rings.sample])] };
}

const hasSample = (): boolean => existsSync(path.join(sampleData, "montpellier", "bike_count.csv"));

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
if (!hasSample() && (names.length === 0 || names.includes("sample"))) {
  say(
    `Not run: the ring sample, for ${sampleData} has no montpellier/bike_count.csv; set SAMPLE_DATA to a directory that has`,
  );
  if (process.env["CI"] === "true") process.exit(1);
}
await ensureLibrary(say);
process.exitCode = jest(patterns(names));
