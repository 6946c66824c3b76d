import { execFile } from "node:child_process";
import { appendFile, copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { RunFailure } from "../../errors.ts";
import type { Home } from "./home.ts";
import { own, type ServerUser } from "./server-user.ts";
import { configuration, demoSettings, type Settings } from "./settings.ts";

/** PEM files of the certificate and the key with which the server shall speak TLS. */
export interface Tls {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a new data directory is made from. */
export interface ClusterPlan extends Home {
  readonly superuser: string;
  readonly password: string;
  readonly settings: Settings;
  readonly tls: Tls | undefined;
}

/**
 * Makes the data directory, which exists and is empty: initdb, settings, certificate. Every connection needs the password.
 *
 * @throws RunFailure BadConfiguration with initdb's own words
 */
export async function createCluster(plan: ClusterPlan): Promise<void> {
  const { dataDir, user, tls } = plan;
  await own(dataDir, 0o700, user);
  await initialise(plan);
  if (tls !== undefined) {
    await install(tls.certFile, join(dataDir, "server.crt"), user);
    await install(tls.keyFile, join(dataDir, "server.key"), user);
  }
  const settings = { ...demoSettings, ...(tls && { ssl: "on" }), ...plan.settings };
  await appendFile(join(dataDir, "postgresql.conf"), configuration(settings));
}

async function initialise(plan: ClusterPlan): Promise<void> {
  const { native, dataDir, user, superuser, password } = plan;
  const passwordFile = join(plan.path, "password");
  const method = "--auth=scram-sha-256";
  // The built-in C.UTF-8 sorts and folds the same whatever locales the machine has.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const names = [`--pgdata=${dataDir}`, `--username=${superuser}`, `--pwfile=${passwordFile}`];
  try {
    await writeFile(passwordFile, password, { mode: 0o600, flag: "wx" });
    await own(passwordFile, 0o600, user);
    const options = { ...user.ids, cwd: "/", env: { LC_ALL: "C" } };
    const flags = [...names, method, ...locale, "--no-sync", "--no-instructions"];
    await promisify(execFile)(join(native, "bin", "initdb"), flags, options);
  } catch (cause) {
    throw initdbFailed(dataDir, cause);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function initdbFailed(dataDir: string, cause: unknown): RunFailure {
  const said =
    typeof cause === "object" && cause !== null && "stderr" in cause ? String(cause.stderr) : String(cause);
  const why = /error: .*/.exec(said)?.[0] ?? said.trim();
  const message = `Cannot make a PostgreSQL data directory in ${dataDir}: initdb says ${why}; name an empty directory that its user can reach, or set TMPDIR to one`;
  return new RunFailure("BadConfiguration", message, { cause });
}

async function install(from: string, to: string, user: ServerUser): Promise<void> {
  await copyFile(from, to);
  await own(to, 0o600, user);
}
