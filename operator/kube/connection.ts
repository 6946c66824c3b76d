import type { Dispatcher } from "undici";

import type { ConnectionSource } from "./connection-source.ts";
import { Credentials } from "./credentials.ts";
import { Transport } from "./transport.ts";

/** What one request needs to reach the API server. */
export interface Way {
  readonly server: URL;
  /** Who asks. Never to be kept or logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** One API server and who speaks to it. Disposing ends what still runs. */
export interface Connection extends AsyncDisposable {
  /** For each request anew: the token is read again, and the TLS connections stay as long as the authority does. */
  open(): Promise<Way>;
  /** Forgets what was loaded, after the server has refused it. */
  renew(): void;
}

/** Throws an Error that says what cannot be read; the server itself is not asked yet. */
export async function loadConnection(source: ConnectionSource): Promise<Connection> {
  const credentials = new Credentials(source);
  const transport = new Transport();
  await credentials.read();
  return {
    open: async () => {
      const { server, headers, transport: options } = await credentials.read();
      return { server, headers, dispatcher: transport.dispatcher(options) };
    },
    renew: () => {
      credentials.forget();
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
