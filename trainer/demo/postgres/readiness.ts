import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { codeOf, RunFailure } from "../../errors.ts";
import type { Keeper } from "./keeper.ts";

const POLL_MILLISECONDS = 20;
const PATIENCE_SECONDS = 60;

/** Ready to accept connections, or somebody else took the port between our choice and the server's start. */
export type Started = { readonly kind: "ready"; readonly pid: number } | { readonly kind: "port-taken" };

/**
 * Waits until the server writes `ready` into postmaster.pid, as pg_ctl does.
 *
 * @throws RunFailure BadConfiguration with the server's own words when it ends or stays silent instead
 */
export async function untilReady(dataDir: string, keeper: Keeper): Promise<Started> {
  for (let waited = 0; waited < PATIENCE_SECONDS * 1000; waited += POLL_MILLISECONDS) {
    const pid = await readyPid(dataDir);
    if (pid !== undefined) return { kind: "ready", pid };
    if (keeper.hasEnded()) return portTaken(dataDir);
    await setTimeout(POLL_MILLISECONDS);
  }
  throw await notReady(dataDir, `is not ready after ${String(PATIENCE_SECONDS)} s`);
}

/** A port of 127.0.0.1 that is free at this moment. */
export async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().once("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    server.close(() => {
      resolve(port);
    });
  });
  return promise;
}

/** Line 1 of postmaster.pid is the server's process, line 8 its state. */
async function readyPid(dataDir: string): Promise<number | undefined> {
  const lines = (await textOf(join(dataDir, "postmaster.pid"))).split("\n");
  return lines[7]?.trim() === "ready" ? Number(lines[0]) : undefined;
}

async function portTaken(dataDir: string): Promise<Started> {
  const log = await textOf(join(dataDir, "server.log"));
  if (log.includes("Address already in use")) return { kind: "port-taken" };
  throw await notReady(dataDir, "ended at once");
}

async function notReady(dataDir: string, what: string): Promise<RunFailure> {
  const log = await textOf(join(dataDir, "server.log"));
  // The reason often stands in the lines before the fatal one; dates and processes are left out.
  const said = log
    .trim()
    .split("\n")
    .slice(-3)
    .map((line) => line.replace(/^.*?\] /, ""));
  return new RunFailure(
    "BadConfiguration",
    `Cannot start the embedded PostgreSQL: it ${what}; its log says: ${said.join("; ")}; correct that, or set DATABASE_URL to an existing server`,
  );
}

/** Empty while the file is not there yet. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}
