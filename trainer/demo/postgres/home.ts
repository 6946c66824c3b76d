import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { RunFailure } from "../../errors.ts";
import { installedNative, notRunnable, obstacle } from "./native.ts";
import { copyNative } from "./native-copy.ts";
import { own, serverUser, type ServerUser } from "./server-user.ts";

/** Where one server lives. */
export interface Home {
  /** Temporary and the server's alone; removed with it. */
  readonly path: string;
  readonly dataDir: string;
  readonly native: string;
  readonly user: ServerUser;
}

/** What decides about a home; absent is a temporary data directory and the binaries npm installed. */
export interface HomeOptions {
  readonly dataDir?: string | undefined;
  readonly native?: string | undefined;
  readonly say?: ((sentence: string) => void) | undefined;
}

/**
 * Finds the user, the directories and binaries that this user can run: below a directory that is closed to it, such
 * as root's, they are copied.
 *
 * @throws RunFailure BadConfiguration when there are no binaries for this machine or `dataDir` is not empty
 */
export async function makeHome(options: HomeOptions): Promise<Home> {
  const installed = options.native ?? installedNative(platform(), arch());
  const user = await serverUser();
  const dataDir = options.dataDir === undefined ? undefined : await emptyDirectory(options.dataDir);
  const path = await mkdtemp(join(tmpdir(), "retrain-postgres-"));
  try {
    await own(path, 0o700, user);
    const native = await runnable(installed, join(path, "native"), { user, say: options.say });
    return { path, dataDir: dataDir ?? (await emptyDirectory(join(path, "data"))), native, user };
  } catch (error) {
    await rm(path, { recursive: true });
    throw error;
  }
}

async function emptyDirectory(given: string): Promise<string> {
  const path = resolve(given);
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length === 0) return path;
  throw new RunFailure(
    "BadConfiguration",
    `Cannot make a PostgreSQL data directory in ${path}: it is not empty; name an empty or missing one`,
  );
}

async function runnable(
  installed: string,
  copy: string,
  { user, say }: { user: ServerUser; say: HomeOptions["say"] },
): Promise<string> {
  const why = obstacle(installed, user);
  if (why === undefined) return installed;
  say?.(`The PostgreSQL of npm does not run in place (${why}); using a temporary copy`);
  await copyNative(installed, copy, user);
  const still = obstacle(copy, user);
  if (still !== undefined) throw notRunnable(copy, still);
  return copy;
}
