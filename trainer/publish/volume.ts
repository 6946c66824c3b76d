import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

import { codeOf, RunFailure } from "../errors.ts";

/** Runs `work` on the volume; what the file system refuses becomes the RunFailure of `volumeFailure`. */
export async function onVolume<T>(
  action: string,
  path: string,
  work: () => Promise<T>,
  neededBytes?: number,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RunFailure || codeOf(error) === undefined) throw error;
    throw await volumeFailure(action, path, error, neededBytes);
  }
}

/**
 * The one place where file system errors become run failures: VolumeReadOnly for a missing right, DiskFull for
 * missing space, ModelLocked when the run's own staging directory is gone, VolumeError for the rest.
 * `neededBytes` is what the action wanted to write, if known.
 */
export async function volumeFailure(
  action: string,
  path: string,
  error: unknown,
  neededBytes?: number,
): Promise<RunFailure> {
  const code = codeOf(error) ?? "unknown";
  const options = { cause: error };
  switch (code) {
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new RunFailure("VolumeReadOnly", unwritable(action, path, code), options);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new RunFailure("DiskFull", full(action, path, code, await space(path, neededBytes)), options);
    case "ENOENT":
      if (isStaged(path)) return new RunFailure("ModelLocked", sweptAway(action, path), options);
  }
  const message = `Cannot ${action} ${path}: the volume answered ${code}. Check the volume and the storage behind it, then run again.`;
  return new RunFailure("VolumeError", message, options);
}

/** Bytes that are free on the volume of `path`; `undefined` where it has no limit or does not tell. */
export async function freeBytes(path: string): Promise<number | undefined> {
  const { blocks, bavail, bsize } = await statfs(path);
  return blocks === 0 ? undefined : bavail * bsize;
}

const isStaged = (path: string): boolean => path.split("/").includes(".staging");

function unwritable(action: string, path: string, code: string): string {
  if (code === "EROFS") {
    return `Cannot ${action} ${path}: the volume is mounted read-only (EROFS). Mount it read-write for the trainer.`;
  }
  const user = String(process.getuid?.() ?? "unknown");
  return `Cannot ${action} ${path}: user ${user} has no permission (${code}). Give that user the right to write there (fsGroup, or chown of the volume).`;
}

const full = (action: string, path: string, code: string, found: string): string =>
  `Cannot ${action} ${path}: no space is left (${code}${found}). Free space on the volume, raise its quota or make it larger, then run again.`;

const sweptAway = (action: string, path: string): string =>
  `Cannot ${action} ${path}: the staging directory is gone, because another run of this model started meanwhile. Only one may publish at a time; run again when the other has ended.`;

async function space(path: string, neededBytes: number | undefined): Promise<string> {
  const needed = neededBytes === undefined ? "" : `; ${String(neededBytes)} bytes were needed`;
  try {
    const free = await freeBytes(dirname(path));
    return free === undefined ? needed : `${needed}; ${String(free)} bytes are free`;
  } catch {
    return needed; // The figure is a courtesy: the failure being described matters more than this one.
  }
}
