import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { together, type Files } from "./files.ts";

const directories = ["/bin", "/usr/bin"];
/** For people who look into a container. */
const shell = ["sh", "cat", "ls", "sleep", "id", "df", "env"];
/** glibc loads them by itself when it looks names up, so that ldd does not name them; newer ones hold them within. */
const lookUps = ["libnss_files.so.2", "libnss_dns.so.2"];

/** A shell and some programs of this machine, below their own names in /bin, with the libraries that they need. */
export async function shellPrograms(): Promise<Files> {
  const found = shell.flatMap((name) => {
    const file = directories.map((directory) => path.join(directory, name)).find(existsSync);
    return file === undefined ? [] : [[path.join("/bin", name), file] as const];
  });
  const parts = await Promise.all(found.map(([target, file]) => program(target, file)));
  return together(...parts);
}

/** A program, with the libraries that the loader finds for it where it finds them here. */
export async function program(target: string, file: string): Promise<Files> {
  const libraries = await librariesOf(file);
  const extra = [...new Set(libraries.map((library) => path.dirname(library)))]
    .flatMap((directory) => lookUps.map((name) => path.join(directory, name)))
    .filter(existsSync);
  return new Map([
    [target, { file }],
    ...[...libraries, ...extra].map((library) => [library, { file: library }] as const),
  ]);
}

/** A library and those that it needs: the system's where they are, all others beside it in `directory`. */
export async function library(directory: string, file: string): Promise<Files> {
  const place = (each: string): string =>
    /^\/(usr\/)?lib(64)?\//u.test(each) ? each : path.join(directory, path.basename(each));
  const needed = await librariesOf(file);
  return new Map([
    [path.join(directory, path.basename(file)), { file }],
    ...needed.map((each) => [place(each), { file: each }] as const),
  ]);
}

/** Absolute paths; none for a program that is linked statically, which ldd answers with a failure. */
async function librariesOf(file: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ldd", [file]);
  return [...stdout.matchAll(/(?:=> |^\s)(\/\S+)/gmu)].flatMap(([, found]) => found ?? []);
}
