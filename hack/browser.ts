import { isProgram, programOnPath } from "./program-on-path.ts";

/** Chromium under the names that distributions give it. */
const names = ["chromium", "chromium-browser", "google-chrome"];

/** Why there is none, and what to do. */
export const howToGetABrowser =
  "there is no Chromium on this machine: apt-get install chromium, or set CHROMIUM_PATH to one";

/** The browser for the tests of the page: CHROMIUM_PATH, else the first Chromium on PATH, else none. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = environment["CHROMIUM_PATH"];
  if (chosen !== undefined && chosen !== "") return isProgram(chosen) ? chosen : undefined;
  return programOnPath(environment, ...names);
}
