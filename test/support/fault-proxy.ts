import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { stringify } from "yaml";

import type { Access } from "../../hack/cluster/api.ts";
import { selfSigned } from "./fault-proxy/certificate.ts";
import { Faults, type Asked, type Fault } from "./fault-proxy/faults.ts";
import { Streams } from "./fault-proxy/streams.ts";
import { Upstream } from "./fault-proxy/upstream.ts";

/** Stands between a client and the API server, lets everything pass as it comes, and breaks what a test names. */
export interface FaultProxy extends AsyncDisposable {
  /** Address and authority of the proxy, the token of the API server. */
  readonly access: Access;
  /** Path of a kubeconfig with that access; the authority is a file beside it, `ca.crt`. */
  readonly kubeconfig: string;
  /** TLS connections accepted and requests received since the start. */
  readonly counts: { readonly connections: number; readonly requests: number };
  /** Breaks each request that fits, until the handle is disposed; of several faults the newest that fits counts. */
  inject(fault: Fault, fits: (asked: Asked) => boolean): Disposable;
  /** How many watches and followed logs pass at the moment, broken ones left out. */
  running(): number;
  /** Ends every running watch and followed log at once, as a restarting server does; returns their number. */
  dropAll(): number;
  /** What runs now gets no more bytes and no end, as behind a firewall that has forgotten the connection. */
  halfOpenAll(): number;
  /** From now on another certificate; `access.ca` and the file beside the kubeconfig change with it. */
  renewCertificate(): Promise<void>;
}

/** A proxy on a free port of 127.0.0.1. It owns no control plane: dispose it before that. */
export async function startFaultProxy(access: Access): Promise<FaultProxy> {
  const directory = await mkdtemp(path.join(tmpdir(), "fault-proxy-"));
  const faults = new Faults();
  const streams = new Streams();
  const upstream = new Upstream(access, faults, streams);
  const counts = { connections: 0, requests: 0 };
  let certificate = await selfSigned(directory);
  const server = createServer(certificate, (request, response) => {
    counts.requests++;
    upstream.pass(request, response);
  });
  server.on("secureConnection", () => counts.connections++);
  const url = await listen(server);
  return {
    get access() {
      return { url, ca: certificate.cert, token: access.token };
    },
    kubeconfig: await writeKubeconfig(directory, url, access.token),
    counts,
    inject: (fault, fits) => faults.inject(fault, fits),
    running: () => streams.size,
    dropAll: () => streams.dropAll(),
    halfOpenAll: () => streams.halfOpenAll(),
    renewCertificate: async () => {
      certificate = await selfSigned(directory);
      server.setSecureContext(certificate);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      upstream.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  // Clients decide how long they keep a connection, as with an API server, and not Node's 5 s.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

async function writeKubeconfig(directory: string, server: string, token: string): Promise<string> {
  const file = path.join(directory, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "proxy", cluster: { server, "certificate-authority": "ca.crt" } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "proxy", context: { cluster: "proxy", user: "admin" } }],
    "current-context": "proxy",
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}
