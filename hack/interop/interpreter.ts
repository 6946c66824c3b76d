import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { pythonVersions } from "./pins.ts";

export interface Interpreter {
  readonly command: string;
  /** Such as `3.12`. */
  readonly version: string;
}

/**
 * The Python to make environments with: PYTHON's if that is set, else the first fitting one of PATH and pyenv. Throws
 * an Error that says what was found instead.
 */
export function findInterpreter(environment: NodeJS.ProcessEnv, home: string): Interpreter {
  const tried: string[] = [];
  for (const command of candidates(environment, home)) {
    const version = versionOf(command, environment);
    if (pythonVersions.some((one) => one === version)) return { command, version };
    tried.push(`${command} is ${version}`);
  }
  throw new Error(
    `it needs Python ${pythonVersions.join(" or ")} with venv and ensurepip, but ${tried.join(", ")}; ` +
      "install one, or name one in PYTHON",
  );
}

function candidates(environment: NodeJS.ProcessEnv, home: string): readonly string[] {
  if (environment["PYTHON"]) return [environment["PYTHON"]];
  const onPath = [...pythonVersions.map((version) => `python${version}`), "python3"];
  return [...onPath, ...ofPyenv(environment["PYENV_ROOT"] ?? path.join(home, ".pyenv"))];
}

/** Interpreters that pyenv has, whether or not one of them is switched on. */
function ofPyenv(root: string): readonly string[] {
  const versions = path.join(root, "versions");
  if (!existsSync(versions)) return [];
  const fitting = readdirSync(versions).filter((name) =>
    pythonVersions.some((version) => name.startsWith(`${version}.`)),
  );
  return fitting.map((name) => path.join(versions, name, "bin", "python"));
}

const askVersion = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";

function versionOf(command: string, env: NodeJS.ProcessEnv): string {
  const { status, stdout } = spawnSync(command, ["-c", askVersion], { encoding: "utf8", env });
  return status === 0 ? stdout.trim() : "not usable";
}
