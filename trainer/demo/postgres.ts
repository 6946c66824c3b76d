import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import { codeOf, RunFailure } from "../errors.ts";
import { createCluster, type Tls } from "./postgres/cluster.ts";
import { makeHome, type Home } from "./postgres/home.ts";
import { launch, type Keeper } from "./postgres/keeper.ts";
import { freePort, untilReady } from "./postgres/readiness.ts";
import type { Settings } from "./postgres/settings.ts";

export interface PostgresOptions {
  /** A missing or empty directory, kept after the end; without it a temporary one that goes with the server. */
  readonly dataDir?: string;
  /** The server then also speaks TLS on the same port. */
  readonly tls?: Tls;
  /** Values for postgresql.conf, over those of `demoSettings`. */
  readonly settings?: Settings;
  /** Gets a sentence for people when something takes a way they may not expect. */
  readonly say?: (sentence: string) => void;
  /** The directory with the binaries (bin, lib, share); by default the one npm installed for this machine. */
  readonly native?: string;
}

interface Running {
  readonly pid: number;
  readonly port: number;
  readonly keeper: Keeper;
}

/** How to find and end a server that was left running. */
export interface Detached {
  /** The command line that ends it; a temporary data directory then goes too. */
  readonly stopCommand: string;
  readonly dataDir: string;
}

const SUPERUSER = "retrain";
const PORTS_TRIED = 5;
/** How long a stopping server waits for its clients to leave. */
const GRACE_MILLISECONDS = 1000;

/** A PostgreSQL of our own on 127.0.0.1. It ends with `stop()`, with its block, or with this process, however that ends. */
export class EmbeddedPostgres implements AsyncDisposable {
  /** `postgres://user:password@127.0.0.1:port/postgres`: never to be logged. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  readonly #keeper: Keeper;
  readonly #home: string;
  #detached = false;

  constructor({ pid, port, keeper }: Running, home: Home, password: string) {
    this.url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${String(port)}/postgres`;
    this.port = port;
    this.pid = pid;
    this.dataDir = home.dataDir;
    this.#keeper = keeper;
    this.#home = home.path;
  }

  /** Shuts the server down, open connections or not, and removes what is temporary. A detached server stays. */
  async stop(): Promise<void> {
    if (this.#detached) return;
    if (!this.#keeper.hasEnded()) {
      // A pool's end() resolves before its sockets are closed; a fast shutdown at once would break them with an error.
      endServer(this.pid);
      await Promise.race([this.#keeper.ended, setTimeout(GRACE_MILLISECONDS, undefined, { ref: false })]);
    }
    this.#keeper.letGo();
    await this.#keeper.ended;
    await rm(this.#home, { recursive: true, force: true });
  }

  /** Leaves the server running when this process ends. */
  async detach(): Promise<Detached> {
    this.#detached = true;
    await this.#keeper.keep();
    return { stopCommand: `kill -INT ${String(this.pid)}`, dataDir: this.dataDir };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** It may have ended by itself, while the news of that is still on its way. */
function endServer(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/**
 * Starts a new, empty PostgreSQL server; as root it runs as nobody. Every connection needs the random password in `url`.
 *
 * @throws RunFailure BadConfiguration when there are no binaries for this machine, or with the server's own words
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<EmbeddedPostgres> {
  const home = await makeHome(options);
  try {
    const password = randomBytes(18).toString("base64url");
    await createCluster({
      ...home,
      superuser: SUPERUSER,
      password,
      settings: options.settings ?? {},
      tls: options.tls,
    });
    return new EmbeddedPostgres(await start(home), home, password);
  } catch (error) {
    await rm(home.path, { recursive: true, force: true });
    throw error;
  }
}

async function start(home: Home): Promise<Running> {
  for (let tried = 0; tried < PORTS_TRIED; tried++) {
    const port = await freePort();
    const keeper = launch(home, port);
    const started = await untilReady(home.dataDir, keeper).catch(async (error: unknown) => {
      keeper.letGo();
      await keeper.ended;
      throw error;
    });
    if (started.kind === "ready") return { pid: started.pid, port, keeper };
  }
  const message = `Cannot start the embedded PostgreSQL: ${String(PORTS_TRIED)} free ports were taken by others before it started; run it again`;
  throw new RunFailure("DatabaseUnavailable", message);
}
