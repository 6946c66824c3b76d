import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, realpath, stat, writeFile } from "node:fs/promises";
import path from "node:path";

/** What a file of an image is made from: a file of this machine, or its content. */
export type Origin = { readonly file: string } | { readonly content: string | Buffer; readonly mode: number };

/** Files of an image by their absolute paths in it. */
export type Files = ReadonlyMap<string, Origin>;

export const text = (content: string): Origin => ({ content, mode: 0o644 });

/** All files below a directory that `wanted` says yes to, told by their paths in it; they come to lie below `target`. */
export async function tree(
  directory: string,
  target: string,
  wanted: (relative: string) => boolean = () => true,
): Promise<Files> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const relative = files.map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
  return new Map(
    relative.filter(wanted).map((name) => [path.join(target, name), { file: path.join(directory, name) }]),
  );
}

export const together = (...parts: readonly Files[]): Files => new Map(parts.flatMap((part) => [...part]));

/** Changes with the files: their places, and content, or size and time of change of those that are on this machine. */
export async function fingerprint(files: Files): Promise<string> {
  const lines = [...files].map(async ([target, origin]) => `${target} ${await identity(origin)}\n`);
  const hash = createHash("sha256");
  for (const line of (await Promise.all(lines)).toSorted()) hash.update(line);
  return hash.digest("hex");
}

async function identity(origin: Origin): Promise<string> {
  if ("content" in origin) return createHash("sha256").update(origin.content).digest("hex");
  const { size, mtimeMs } = await stat(origin.file);
  return `${origin.file} ${String(size)} ${String(mtimeMs)}`;
}

/** Copies them below `root`; links are followed. */
export async function copyInto(root: string, files: Files): Promise<void> {
  for (const [target, origin] of files) {
    const file = path.join(root, target);
    await mkdir(path.dirname(file), { recursive: true });
    if ("file" in origin) await copyFile(await realpath(origin.file), file);
    else {
      await writeFile(file, origin.content);
      await chmod(file, origin.mode); // Whatever the umask.
    }
  }
}
