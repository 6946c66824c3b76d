import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";

import { stringify } from "yaml";

import type { Access } from "../../../hack/cluster/api.ts";
import type { ConnectionSource } from "../../../operator/kube/connection-source.ts";

/** Where a client finds its token, and how another one gets there. */
export interface TokenHolder {
  readonly source: ConnectionSource;
  put(token: string): Promise<void>;
}

/** A directory as the kubelet mounts it. */
export async function serviceAccount({ url, ca }: Access, below: string): Promise<TokenHolder> {
  const directory = await mkdtemp(path.join(below, "account-"));
  await writeFile(path.join(directory, "ca.crt"), ca);
  return {
    source: { kind: "serviceAccount", server: url, directory },
    put: (token) => writeFile(path.join(directory, "token"), `${token}\n`),
  };
}

/** A kubeconfig that holds the token itself. */
export async function kubeconfig(access: Access, below: string): Promise<TokenHolder> {
  const file = path.join(await mkdtemp(path.join(below, "kubeconfig-")), "config");
  return {
    source: { kind: "kubeconfig", file },
    put: (token) => writeKubeconfig(file, access, { token }),
  };
}

/** A kubeconfig that names a program to ask; what it says is kept as long as the server takes it. */
export async function plugin(access: Access, below: string): Promise<TokenHolder> {
  const directory = await mkdtemp(path.join(below, "plugin-"));
  const file = path.join(directory, "config");
  const credential = path.join(directory, "credential.json");
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "cat", args: [credential] };
  await writeKubeconfig(file, access, { exec });
  return {
    source: { kind: "kubeconfig", file },
    put: (token) => writeFile(credential, JSON.stringify({ status: { token } })),
  };
}

async function writeKubeconfig(file: string, { url, ca }: Access, user: object): Promise<void> {
  const cluster = { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  const config = {
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  await writeFile(file, stringify(config));
}
