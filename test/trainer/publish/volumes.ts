import { spawnSync, type ExecFileOptions } from "node:child_process";
import { chmod } from "node:fs/promises";

import { modelsVolume } from "./scene.ts";

/** How `publishInChild` must be called so that the volume shows its property. */
export interface HardVolume extends AsyncDisposable {
  readonly path: string;
  readonly wrap: { readonly before?: readonly string[]; readonly spawn?: ExecFileOptions };
  readonly mounted: boolean;
}

const nobody = 65534;
const run = (command: string, ...values: string[]): boolean => spawnSync(command, values).status === 0;

/**
 * A models volume that nobody can write: a file system mounted read-only after `fill`; where this user may not mount,
 * a directory without write permission, as root for a child process of another user.
 */
export async function readOnlyVolume(fill: (path: string) => Promise<void>): Promise<HardVolume> {
  const volume = await modelsVolume();
  if (run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", volume.path)) {
    await fill(volume.path);
    run("mount", "-o", "remount,ro", volume.path);
    return mounted(volume);
  }
  await fill(volume.path);
  run("chmod", "-R", "a-w", volume.path);
  const spawn = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const dispose = async () => {
    run("chmod", "-R", "u+w", volume.path);
    await volume[Symbol.asyncDispose]();
  };
  return { path: volume.path, wrap: { spawn }, mounted: false, [Symbol.asyncDispose]: dispose };
}

/**
 * A models volume on which no file of `bytes` finds room: a file system of that size; where this user may not mount, a
 * child process that may not write a file of that size.
 */
export async function smallVolume(bytes: number): Promise<HardVolume> {
  const volume = await modelsVolume();
  if (run("mount", "-t", "tmpfs", "-o", `size=${String(bytes)}`, "tmpfs", volume.path)) {
    await chmod(volume.path, 0o755);
    return mounted(volume);
  }
  const limit = `ulimit -f ${String(Math.floor(bytes / 512))}; exec "$@"`;
  const wrap = { before: ["sh", "-c", limit, "sh"] };
  return {
    path: volume.path,
    wrap,
    mounted: false,
    [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose](),
  };
}

function mounted(volume: AsyncDisposable & { readonly path: string }): HardVolume {
  const dispose = async () => {
    run("umount", volume.path);
    await volume[Symbol.asyncDispose]();
  };
  return { path: volume.path, wrap: {}, mounted: true, [Symbol.asyncDispose]: dispose };
}
