import { isDeepStrictEqual } from "node:util";

import { Agent, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from "undici";

import type { TransportOptions } from "./credentials.ts";

/**
 * The TLS connections to one server: the client's own calls open a new one each time, here they live as long as what they were
 * opened with. A new authority or client certificate gets new connections; a watch on an old one runs to its end.
 */
export class Transport implements AsyncDisposable {
  #current: { readonly options: TransportOptions; readonly dispatcher: Dispatcher } | undefined;

  dispatcher(options: TransportOptions): Dispatcher {
    if (this.#current === undefined || !isDeepStrictEqual(options, this.#current.options)) {
      void this.#current?.dispatcher.close();
      this.#current = { options, dispatcher: connect(options) };
    }
    return this.#current.dispatcher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.dispatcher.destroy();
  }
}

const common = {
  // Over HTTP/2 all calls would share one connection, and a dead one would swallow each until TCP gives up. Over HTTP/1.1 a call that
  // is aborted takes its connection with it, and a watch has one of its own.
  allowH2: false,
  // Longer than the pause between two calls of a quiet operator, shorter than the 90 s after which the API server closes.
  keepAliveTimeout: 30_000,
};

function connect({ tls, proxy }: TransportOptions): Dispatcher {
  // TCP asks a quiet connection for a sign of life after 30 s.
  const connectTls = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 };
  if (proxy === undefined) return new Agent({ ...common, connect: connectTls });
  if (proxy.startsWith("socks")) return new Socks5ProxyAgent(proxy, { ...common, requestTls: connectTls });
  return new ProxyAgent({ ...common, uri: proxy, requestTls: connectTls });
}
