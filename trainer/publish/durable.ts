import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, open, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { codeOf } from "../errors.ts";
import { onVolume } from "./volume.ts";

const directoryMode = 0o755;
const fileMode = 0o644;

/** Creates a new file of mode 0644, whatever the umask, and returns when its bytes are on the disk. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const write = async () => {
    await using file = await open(path, "wx", fileMode);
    await file.writeFile(content);
    await file.chmod(fileMode);
    await file.sync();
  };
  await onVolume("write", path, write, Buffer.byteLength(content));
}

/**
 * Creates a whole file of mode 0644 unless there is one of that name: of any number of writers one gets `true`.
 * Durable after `syncDirectory`.
 */
export async function createExclusively(path: string, content: string): Promise<boolean> {
  const create = async () => {
    try {
      await createWhole(path, content);
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  };
  return onVolume("create", path, create, Buffer.byteLength(content));
}

/** Puts `content` in the place of the file at `path`: a reader gets the old bytes or the new ones, also after a power cut. */
export async function replaceFile(path: string, content: string, temporaryDirectory: string): Promise<void> {
  const temporary = join(temporaryDirectory, randomUUID());
  await writeDurably(temporary, content);
  await onVolume("replace", temporary, () => rename(temporary, path));
  await syncDirectory(dirname(path));
}

/** Puts a symbolic link to `target` in the place of whatever link is at `path`. Durable after `syncDirectory`. */
export async function replaceLink(path: string, target: string, temporaryDirectory: string): Promise<void> {
  const temporary = join(temporaryDirectory, randomUUID());
  await onVolume("create the link", temporary, () => symlink(target, temporary));
  await onVolume("replace by a link", temporary, () => rename(temporary, path));
}

/**
 * Creates a directory of mode 0755, whatever the umask; its parent must exist. `true` when it was not there before.
 * A setgid bit that the volume hands down (fsGroup) stays.
 */
export async function makeDirectory(path: string): Promise<boolean> {
  const created = await onVolume("create the directory", path, () => createdHere(path));
  if (!created) return false;
  await openToReaders(path);
  await syncDirectory(dirname(path));
  return true;
}

/** Gives a directory that this process made the mode 0755. */
export async function openToReaders(path: string): Promise<void> {
  const { mode } = await onVolume("look at", path, () => stat(path));
  if ((mode & 0o777) === directoryMode) return;
  await onVolume("set the mode of", path, () => chmod(path, (mode & 0o7000) | directoryMode));
}

/** Returns when the names inside the directory are on the disk. */
export async function syncDirectory(path: string): Promise<void> {
  await onVolume("sync the directory", path, async () => {
    await using directory = await open(path, "r");
    try {
      await directory.sync();
    } catch (error) {
      // Some network volumes have no such call for directories; what they promise without it is all there is.
      if (!["EINVAL", "ENOTSUP"].includes(codeOf(error) ?? "")) throw error;
    }
  });
}

/** The file's bytes, `undefined` when there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return onVolume("read", path, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

/** Whether there is anything of that name, a link that leads nowhere included. */
export async function isThere(path: string): Promise<boolean> {
  return onVolume("look at", path, async () => {
    try {
      await lstat(path);
      return true;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
  });
}

async function createdHere(path: string): Promise<boolean> {
  try {
    await mkdir(path, directoryMode);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST" && (await stat(path)).isDirectory()) return false;
    throw error;
  }
}

async function createWhole(path: string, content: string): Promise<void> {
  await using file = await open(path, "wx", fileMode);
  try {
    await file.writeFile(content);
    await file.chmod(fileMode);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true }); // A full disk leaves an empty file behind, which would count as another writer's.
    throw error;
  }
}
