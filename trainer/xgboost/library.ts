import { existsSync } from "node:fs";
import path from "node:path";

import { RunFailure } from "../errors.ts";
import { missingSymbols } from "./native.ts";

/** The version that the project is tested with and that `npm run setup` fetches. */
export const libraryVersion = "3.4.1";

export interface LibraryFound {
  readonly path: string;
  readonly source: "XGBOOST_LIBRARY" | "cache" | "system";
  /** Libraries that come earlier in the search and do not fit, each with the reason. */
  readonly passedOver: readonly string[];
}

export interface LibrarySearch {
  /** Value of XGBOOST_LIBRARY. */
  readonly explicit?: string | undefined;
  /** The project's own cache: see cacheDirectory(). */
  readonly cacheDir: string;
  /** Files of the system's packages, best first. */
  readonly system?: readonly string[];
}

/**
 * The first libxgboost that has all functions in use: versions are not looked at. It is loaded for that, and
 * OpenMP reads its variables when it is loaded: set them before. Throws RunFailure("LibraryMissing").
 */
export function findLibrary(search: LibrarySearch): LibraryFound {
  const passedOver: string[] = [];
  for (const candidate of candidates(search)) {
    const refusal = whyNot(candidate.path);
    if (refusal === undefined) return { ...candidate, passedOver };
    if (refusal !== absent || candidate.source === "XGBOOST_LIBRARY") {
      passedOver.push(`${candidate.path} (${refusal})`);
    }
  }
  const seen = passedOver.length === 0 ? "" : `; passed over: ${passedOver.join(", ")}`;
  throw new RunFailure(
    "LibraryMissing",
    `Cannot find a libxgboost.so that fits${seen}: run "npm run setup", which fetches version ${libraryVersion} ` +
      `with pip, or install one (apt-get install libxgboost0) and name it in XGBOOST_LIBRARY if it is in an unusual place`,
  );
}

type Candidate = Pick<LibraryFound, "path" | "source">;

function candidates({ explicit, cacheDir, system = systemLibraries() }: LibrarySearch): Candidate[] {
  const named: Candidate[] = explicit ? [{ path: explicit, source: "XGBOOST_LIBRARY" }] : [];
  const cached: Candidate = { path: cachedLibrary(cacheDir), source: "cache" };
  return [...named, cached, ...system.map((file): Candidate => ({ path: file, source: "system" }))];
}

const absent = "no such file";

/** Why the file cannot be used, undefined if it can. */
export function whyNot(file: string): string | undefined {
  if (!existsSync(file)) return absent;
  try {
    const missing = missingSymbols(path.resolve(file));
    return missing.length === 0 ? undefined : `it lacks ${missing.join(", ")}`;
  } catch (error) {
    return `it cannot be loaded: ${Error.isError(error) ? error.message : String(error)}`;
  }
}

/** Name of the machine's architecture as Linux packages have it, e.g. "x86_64". */
function machine(arch: string = process.arch): string {
  return { x64: "x86_64", arm64: "aarch64" }[arch] ?? arch;
}

/** Where downloads are kept between checkouts: `XDG_CACHE_HOME`, else `.cache` of the home directory. */
export function cacheDirectory(environment: NodeJS.ProcessEnv, home: string): string {
  return path.join(environment["XDG_CACHE_HOME"] || path.join(home, ".cache"), "retrain-operator");
}

/** Where an unpacked wheel lies in the cache: `xgboost/lib/` beside `xgboost_cpu.libs/`, which holds its libgomp. */
export function cachedWheel(cacheDir: string): string {
  return path.join(cacheDir, `xgboost-cpu-${libraryVersion}-${machine()}`);
}

export function cachedLibrary(cacheDir: string): string {
  return path.join(cachedWheel(cacheDir), "xgboost", "lib", "libxgboost.so");
}

function systemLibraries(): readonly string[] {
  const directories = ["/usr/local/lib", `/usr/lib/${machine()}-linux-gnu`, "/usr/lib64", "/usr/lib"];
  const names = ["libxgboost.so", "libxgboost.so.3", "libxgboost.so.0"];
  return directories.flatMap((directory) => names.map((name) => path.join(directory, name)));
}
