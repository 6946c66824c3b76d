import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { together, tree, type Files } from "./files.ts";

const Names = z.record(z.string(), z.string()).default({});
const Package = z.object({ dependencies: Names, optionalDependencies: Names, peerDependencies: Names });
/** Of package-lock.json, what says which package needs which. Keys are paths such as `node_modules/a/node_modules/b`. */
export const Lock = z.object({ packages: z.record(z.string(), Package) });
export type Lock = z.infer<typeof Lock>;

/** The packages that sources import, and all that those need, where npm installed them below `project`. */
export async function packagesFor(project: string, sources: Files): Promise<Files> {
  const lock = Lock.parse(JSON.parse(await readFile(path.join(project, "package-lock.json"), "utf8")));
  const needed = neededPackages(lock, await importedBy(sources));
  const installed = needed.filter((name) => existsSync(path.join(project, name)));
  const parts = installed.map((name) => tree(path.join(project, name), path.join("/app", name), isUsed));
  return together(...(await Promise.all(parts)));
}

/** Neither packages in packages, which are listed by themselves, nor what only compilers and debuggers read. */
const isUsed = (relative: string): boolean =>
  !/(^|\/)node_modules\//u.test(relative) && !/\.(map|d\.[cm]?ts)$/u.test(relative);

/** Names of the packages that TypeScript sources import. */
async function importedBy(sources: Files): Promise<Set<string>> {
  const names = new Set<string>();
  for (const origin of sources.values()) {
    if ("file" in origin && origin.file.endsWith(".ts")) {
      for (const name of importsIn(await readFile(origin.file, "utf8"))) names.add(name);
    }
  }
  return names;
}

/** Names of the packages that a source imports; only those whose types it imports are among them too. */
export function importsIn(source: string): string[] {
  const specifiers = [...source.matchAll(/(?:from |import\()"([^".][^"]*)"/gu)].flatMap(
    ([, name]) => name ?? [],
  );
  return specifiers
    .filter((name) => !name.startsWith("node:"))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}

/** Their paths in the lock, and those of all that they need. */
export function neededPackages(lock: Lock, names: Iterable<string>): string[] {
  const found = new Set<string>();
  const waiting = [...names].map((name) => ({ name, from: "" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const at = placeOf(lock, next.name, next.from);
    if (at === undefined || found.has(at)) continue; // Optional ones of other machines are in no lock.
    found.add(at);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = lock.packages[at] ?? {};
    const all = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    waiting.push(...Object.keys(all).map((name) => ({ name, from: at })));
  }
  return [...found].toSorted();
}

/** Where Node finds a package that is required in another one: beside it or in one of those around it. */
function placeOf(lock: Lock, name: string, from: string): string | undefined {
  const place = path.join(from, "node_modules", name);
  if (place in lock.packages) return place;
  if (from === "") return undefined;
  const around = from.lastIndexOf("node_modules/");
  return placeOf(lock, name, from.slice(0, Math.max(0, around - 1)));
}
