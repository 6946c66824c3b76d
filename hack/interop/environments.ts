import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import path from "node:path";

import { run, type Say } from "../xgboost/run.ts";
import type { Interpreter } from "./interpreter.ts";
import { xgboostPins } from "./pins.ts";

const requirements = path.join(import.meta.dirname, "requirements.txt");

/** Where the environments of these pins are kept: other pins, or another Python, are kept beside them. */
export function environmentsHome(cacheDir: string, { version }: Interpreter): string {
  const pins = JSON.stringify([xgboostPins, readFileSync(requirements, "utf8")]);
  const digest = createHash("sha256").update(pins).digest("hex").slice(0, 12);
  return path.join(cacheDir, "interop", `python-${version}-${digest}`);
}

/** The interpreter of the venv that all XGBoost versions share. */
export const pythonOf = (home: string): string => path.join(home, "venv", "bin", "python");

/** For PYTHONPATH: the packages of one XGBoost version. */
export const packagesOf = (home: string, xgboost: string): string => path.join(home, `xgboost-${xgboost}`);

/** False too where the interpreter that the venv was made with has gone. */
export const areReady = (home: string): boolean => existsSync(pythonOf(home));

/** Installs everything beside its goal and moves it there at once. Throws an Error that says what failed. */
export async function makeEnvironments(home: string, interpreter: Interpreter, say: Say): Promise<void> {
  await mkdir(path.dirname(home), { recursive: true });
  const work = await mkdtemp(path.join(path.dirname(home), ".making-"));
  try {
    say("making a venv with scikit-learn, NumPy and pandas (100 MB to fetch)");
    await run(interpreter.command, ["-m", "venv", path.join(work, "venv")], say);
    await install(work, ["--requirement", requirements], say);
    for (const [version, requirement] of Object.entries(xgboostPins)) {
      say(`installing ${requirement}${version.startsWith("1.") ? " (200 MB to fetch)" : ""}`);
      await install(work, ["--no-deps", "--target", packagesOf(work, version), requirement], say);
    }
    await settle(work, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const quiet = ["--quiet", "--disable-pip-version-check", "--progress-bar", "off", "--only-binary=:all:"];

const install = (home: string, what: readonly string[], say: Say): Promise<void> =>
  run(pythonOf(home), ["-m", "pip", "install", ...quiet, ...what], say);

/** Whoever else made the same in the meantime is left what they are using. */
async function settle(made: string, home: string): Promise<void> {
  if (areReady(home)) return;
  await rm(home, { recursive: true, force: true });
  await rename(made, home);
}
