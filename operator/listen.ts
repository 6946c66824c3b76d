import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Address {
  /** 0 is any free port. */
  readonly port: number;
  readonly listenOn: "all" | "loopback";
}

/** What a client may take: time for its request, connections of all clients, time for what is open when the server closes. */
export interface Limits {
  readonly requestMilliseconds: number;
  readonly closeMilliseconds: number;
  readonly connections: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Serves until it is disposed: then no connection is taken, and requests under way have some time to end. Rejects when the port cannot
 * be had.
 */
export async function listen(
  listener: RequestListener,
  { port, listenOn }: Address,
  limits: Limits,
): Promise<RunningServer> {
  const { requestMilliseconds, closeMilliseconds, connections } = limits;
  const server = createServer(
    {
      requestTimeout: requestMilliseconds,
      headersTimeout: requestMilliseconds,
      connectionsCheckingInterval: requestMilliseconds / 10,
      maxHeaderSize: 8192,
      // A client that vanished while nothing is sent, on a quiet stream for instance, is noticed by TCP alone.
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    },
    listener,
  );
  server.maxConnections = connections;
  // Without a host: IPv6 and IPv4, whatever the cluster has.
  server.listen({ port, ...(listenOn === "loopback" ? { host: "127.0.0.1" } : {}) });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(server, closeMilliseconds),
  };
}

async function close(server: Server, milliseconds: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const last = setTimeout(() => {
    server.closeAllConnections();
  }, milliseconds);
  await closed;
  clearTimeout(last);
}
