import { accessSync, constants } from "node:fs";
import path from "node:path";

/** The first of the named programs that PATH leads to; undefined when it leads to none. */
export function programOnPath(
  environment: NodeJS.ProcessEnv,
  ...names: readonly string[]
): string | undefined {
  const directories = (environment["PATH"] ?? "").split(path.delimiter).filter((each) => each !== "");
  return names.flatMap((name) => directories.map((directory) => path.join(directory, name))).find(isProgram);
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
