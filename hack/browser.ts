import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Chromium under the names that distributions give it. */
const names = ["chromium", "chromium-browser", "google-chrome"];

/** Why there is none, and what to do. */
export const howToGetABrowser =
  "there is no Chromium on this machine: apt-get install chromium, or set CHROMIUM_PATH to one";

/** The browser for the tests of the page: CHROMIUM_PATH, else the first Chromium on PATH, else none. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = environment["CHROMIUM_PATH"];
  if (chosen !== undefined && chosen !== "") return isProgram(chosen) ? chosen : undefined;
  const directories = (environment["PATH"] ?? "")
    .split(path.delimiter)
    .filter((directory) => directory !== "");
  return names
    .flatMap((name) => directories.map((directory) => path.join(directory, name)))
    .find((file) => isProgram(file));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
