import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import { findInterpreter } from "./interop/interpreter.ts";
import { run, type Say } from "./xgboost/run.ts";

const requirements = path.join(import.meta.dirname, "..", "bench", "peer", "requirements.txt");

/**
 * The Python that the benchmarks' peer runs with, in a venv of the cache; other pins, or another Python, are kept beside it. Throws an
 * Error that says in half a sentence what is missing and how to get it.
 */
export async function ensurePeer(say: Say, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { command, version } = findInterpreter(environment, homedir());
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const parent = path.join(cacheDirectory(environment, homedir()), "peer");
  const home = path.join(parent, `python-${version}-${digest}`);
  const python = path.join(home, "bin", "python");
  const ready = path.join(home, "ready");
  if (existsSync(ready)) return python;
  await mkdir(parent, { recursive: true });
  // A venv knows its own path, so that it is made in its place; one that was not finished is made anew.
  await rm(home, { recursive: true, force: true });
  say("making a venv with pandas, scikit-learn and xgboost (200 MB to fetch)");
  await run(command, ["-m", "venv", home], say);
  await run(python, [...install, "--requirement", requirements], say);
  await writeFile(ready, "");
  return python;
}

const install = [
  ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--progress-bar", "off"],
  "--only-binary=:all:",
];

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1] ?? "")).href) {
  process.stdout.write(`${await ensurePeer((line) => void process.stderr.write(`${line}\n`))}\n`);
}
