import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import { findInterpreter } from "./interop/interpreter.ts";
import { run, type Say } from "./xgboost/run.ts";

const requirements = path.join(import.meta.dirname, "schemathesis", "requirements.txt");

/**
 * The schemathesis program in a venv of the cache; other pins, or another Python, are kept beside it. Throws an Error that says in half a
 * sentence what is missing and how to get it.
 */
export async function ensureSchemathesis(
  say: Say,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { command, version } = findInterpreter(environment, homedir());
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const parent = path.join(cacheDirectory(environment, homedir()), "schemathesis");
  const home = path.join(parent, `python-${version}-${digest}`);
  const program = path.join(home, "bin", "schemathesis");
  const ready = path.join(home, "ready");
  if (existsSync(ready)) return program;
  await mkdir(parent, { recursive: true });
  // A venv knows its own path, so that it is made in its place; one that was not finished is made anew.
  await rm(home, { recursive: true, force: true });
  say("making a venv with schemathesis (20 MB to fetch)");
  await run(command, ["-m", "venv", home], say);
  await run(path.join(home, "bin", "python"), [...install, "--requirement", requirements], say);
  await writeFile(ready, "");
  return program;
}

const install = [
  ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--progress-bar", "off"],
  "--only-binary=:all:",
];
