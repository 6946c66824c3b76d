import { appendFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";

import { startPostgres, type EmbeddedPostgres } from "../../trainer/demo/postgres.ts";
import type { Say } from "../xgboost/run.ts";

/** A PostgreSQL that the Pods of a node reach. It ends with its block or with this process. */
export interface NodePostgres extends AsyncDisposable {
  /** With user and password; the same for this machine and for Pods. */
  readonly url: string;
}

/**
 * Starts an embedded PostgreSQL that listens on an address of this machine too, for everybody who has its random password.
 *
 * @throws RunFailure BadConfiguration when there are no binaries for this machine, or with the server's own words
 */
export async function startNodePostgres(address: string, say?: Say): Promise<NodePostgres> {
  const settings = { listen_addresses: `127.0.0.1,${address}` };
  const server = await startPostgres({ settings, ...(say === undefined ? {} : { say }) });
  await admitEverybody(server);
  const url = new URL(server.url);
  url.hostname = address;
  return { url: url.href, [Symbol.asyncDispose]: () => server.stop() };
}

/** By its defaults only this machine may knock. The password is asked for all the same. */
async function admitEverybody({ dataDir, pid }: EmbeddedPostgres): Promise<void> {
  await appendFile(path.join(dataDir, "pg_hba.conf"), "host all all all scram-sha-256\n");
  process.kill(pid, "SIGHUP");
}

/** The address of a URL if it is this machine's, so that servers can listen on it; else loopback. */
export function ownAddress(url: string): string {
  const { hostname } = new URL(url);
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return own.some(({ address }) => address === hostname) ? hostname : "127.0.0.1";
}
