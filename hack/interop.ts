import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { cacheDirectory } from "../trainer/xgboost/library.ts";
import {
  areReady,
  environmentsHome,
  makeEnvironments,
  packagesOf,
  pythonOf,
} from "./interop/environments.ts";
import { findInterpreter } from "./interop/interpreter.ts";
import { xgboostPins } from "./interop/pins.ts";
import type { Say } from "./xgboost/run.ts";

/** A real Python with scikit-learn and one version of XGBoost. */
export interface InteropPython {
  readonly xgboost: string;
  readonly command: string;
  /** For PYTHONPATH. */
  readonly packages: string;
}

/** The XGBoost versions whose Python packages must read our files. */
export const interopVersions: readonly string[] = Object.keys(xgboostPins);

/**
 * One Python for each of these versions; fetches what is not in the cache yet. Throws an Error that says in half a
 * sentence what is missing and how to get it.
 */
export async function ensureInterop(
  say: Say,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly InteropPython[]> {
  const interpreter = findInterpreter(environment, homedir());
  const home = environmentsHome(cacheDirectory(environment, homedir()), interpreter);
  if (!areReady(home)) await makeEnvironments(home, interpreter, say);
  say(`Python ${interpreter.version} with xgboost ${interopVersions.join(", ")}: ${home}`);
  const command = pythonOf(home);
  return interopVersions.map((xgboost) => ({ xgboost, command, packages: packagesOf(home, xgboost) }));
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1] ?? "")).href) {
  await ensureInterop((line) => void process.stderr.write(`${line}\n`));
}
