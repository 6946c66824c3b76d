import { constants } from "node:fs";
import { copyFile, mkdir, readFile, readdir, symlink } from "node:fs/promises";
import { basename, join, relative } from "node:path";

import { z } from "zod";

import { own, type ServerUser } from "./server-user.ts";

/** npm packages cannot carry symbolic links: this list is what the package's install script makes them from. */
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Copies the PostgreSQL in `native` to the new directory `to` of `user`, without the static libraries, and with
 * the links that the package's install script makes (it may not have run).
 */
export async function copyNative(native: string, to: string, user: ServerUser): Promise<void> {
  await copyTree(native, to, user);
  const links = Links.parse(JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    await symlink(basename(source), join(to, relative("native", target)));
  }
}

async function copyTree(from: string, to: string, user: ServerUser): Promise<void> {
  await mkdir(to);
  await own(to, 0o755, user);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target, user);
    else if (entry.isFile() && !entry.name.endsWith(".a")) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await own(target, basename(from) === "bin" ? 0o755 : 0o644, user);
    }
  }
}
