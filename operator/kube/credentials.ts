import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import path from "node:path";

import { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

import { nameOf, type ConnectionSource } from "./connection-source.ts";

const tlsFields = ["ca", "cert", "key", "pfx", "passphrase", "rejectUnauthorized", "servername"] as const;

/** How to connect. Two that are deeply equal can share their connections. */
export interface TransportOptions {
  readonly tls: Pick<RequestOptions, (typeof tlsFields)[number]>;
  /** The kubeconfig's proxy-url, http, https or socks5. */
  readonly proxy: string | undefined;
}

export interface Identity {
  readonly server: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: TransportOptions;
}

/** Who asks, read again for each call; a kubeconfig is parsed again only when its text has changed. */
export class Credentials {
  readonly #source: ConnectionSource;
  #parsed: { readonly text: string; readonly config: KubeConfig } | undefined;

  constructor(source: ConnectionSource) {
    this.#source = source;
  }

  async read(): Promise<Identity> {
    try {
      return await identity(await this.#config());
    } catch (error) {
      throw new Error(`Cannot load ${nameOf(this.#source)}: ${harmless(error)}`);
    }
  }

  /** The next read also asks a kubeconfig's plugins again, which keep a token until it expires. */
  forget(): void {
    this.#parsed = undefined;
  }

  async #config(): Promise<KubeConfig> {
    switch (this.#source.kind) {
      case "kubeconfig":
        return await this.#kubeconfig(this.#source.file);
      case "serviceAccount":
        return await serviceAccount(this.#source);
      case "explicit":
        return explicit(this.#source.access);
    }
  }

  async #kubeconfig(file: string): Promise<KubeConfig> {
    const text = await readFile(file, "utf8");
    if (this.#parsed?.text === text) return this.#parsed.config;
    const config = new KubeConfig();
    config.loadFromString(text);
    config.makePathsAbsolute(path.dirname(file));
    this.#parsed = { text, config };
    return config;
  }
}

/** Not KubeConfig.loadFromCluster: that one keeps a token for a minute. */
async function serviceAccount({
  server,
  directory,
}: Extract<ConnectionSource, { kind: "serviceAccount" }>): Promise<KubeConfig> {
  const token = (await readFile(path.join(directory, "token"), "utf8")).trim();
  const caFile = path.join(directory, "ca.crt");
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ ...cluster, server, caFile }, { name: "service-account", token });
  return config;
}

function explicit({ url, ca, token }: Extract<ConnectionSource, { kind: "explicit" }>["access"]): KubeConfig {
  const config = new KubeConfig();
  const caData = Buffer.from(ca).toString("base64");
  config.loadFromClusterAndUser({ ...cluster, server: url, caData }, { name: "explicit", token });
  return config;
}

const cluster = { name: "cluster", skipTLSVerify: false };

async function identity(config: KubeConfig): Promise<Identity> {
  const found = config.getCurrentCluster();
  if (found === null) throw new Error("its current context names no cluster");
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return {
    server: new URL(found.server),
    headers: headersOf(options),
    transport: { tls: tlsOf(options), proxy: found.proxyUrl },
  };
}

const Headers = z.record(z.string().toLowerCase(), z.string());

function headersOf({ headers = {}, auth }: RequestOptions): Record<string, string> {
  if (typeof auth !== "string") return Headers.parse(headers);
  return { ...Headers.parse(headers), authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
}

function tlsOf(options: RequestOptions): TransportOptions["tls"] {
  const entries: [string, unknown][] = tlsFields.map((field) => [field, options[field]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Parsers quote the text around a mistake, which may be a token; what they are called says enough. */
function harmless(error: unknown): string {
  if (!Error.isError(error)) return "unknown error";
  return error.name === "Error" ? error.message : error.name;
}
