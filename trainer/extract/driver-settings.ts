import type { Socket } from "node:net";

import type { DatabaseUrl } from "./database-url.ts";
import type { Encryption } from "./sslmode.ts";

const CONNECT_SECONDS = 15;
const KEEP_ALIVE_MS = 30_000;

/**
 * One way to connect, in the driver's words. The socket is ours so that it can be destroyed while the driver still waits.
 * `ssl` and `sslnegotiation` are always told, for the driver would ask PGSSLMODE and PGSSLNEGOTIATION.
 */
export function driverSettings(
  url: DatabaseUrl,
  ssl: Encryption,
  { socket, name }: { socket: Socket; name: string },
) {
  const options = url.parameters.get("options");
  return {
    host: url.host,
    port: url.port,
    user: url.user,
    database: url.database,
    ...(url.password !== undefined && { password: url.password }),
    ...(options !== undefined && { options }),
    ssl,
    sslnegotiation:
      ssl !== false && url.parameters.get("sslnegotiation") === "direct" ? "direct" : "postgres",
    application_name: name,
    connectionTimeoutMillis: connectMilliseconds(url.parameters.get("connect_timeout")),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    stream: () => socket,
  };
}

/** As in libpq, 0 and below wait for ever. */
function connectMilliseconds(parameter: string | undefined): number {
  const seconds = Number(parameter ?? CONNECT_SECONDS);
  return (Number.isFinite(seconds) ? Math.max(0, seconds) : CONNECT_SECONDS) * 1000;
}
