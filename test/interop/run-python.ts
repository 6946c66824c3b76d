import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import type { InteropPython } from "../../hack/interop.ts";

const scripts = path.join(import.meta.dirname, "python");

/** What a script of test/interop/python prints as JSON. */
export async function runPython(
  { command, packages }: InteropPython,
  script: string,
  ...values: readonly string[]
): Promise<unknown> {
  const env = {
    ...process.env,
    PYTHONPATH: [packages, scripts].join(path.delimiter),
    PYTHONNOUSERSITE: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const options = { env, maxBuffer: 64 * 2 ** 20 };
  const { stdout } = await promisify(execFile)(command, [path.join(scripts, script), ...values], options);
  return JSON.parse(stdout);
}
