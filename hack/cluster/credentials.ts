import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";

import { stringify } from "yaml";

import type { Access } from "./api.ts";
import type { Home } from "./home.ts";

/** The node's name. */
export const nodeName = "node";

const identities = ["admin", "controllerManager", "scheduler", "proxy", "kubelet"] as const;
type ByIdentity = Readonly<Record<(typeof identities)[number], string>>;
export type Tokens = ByIdentity;

/** Name, id and group of each in the API server's token file; RBAC knows the names of Kubernetes' own programs. */
const users: ByIdentity = {
  admin: "admin,admin,system:masters",
  controllerManager: "system:kube-controller-manager,kcm",
  scheduler: "system:kube-scheduler,scheduler",
  proxy: "system:kube-proxy,proxy",
  kubelet: `system:node:${nodeName},kubelet,system:nodes`,
};

const secret = { mode: 0o600 } as const;

/** Tokens of those who may speak to the API server from the start, and the key that signs service account tokens. */
export async function writeCredentials(home: Home): Promise<Tokens> {
  const tokens: Tokens = {
    admin: token(),
    controllerManager: token(),
    scheduler: token(),
    proxy: token(),
    kubelet: token(),
  };
  const rows = identities.map((name) => `${tokens[name]},${users[name]}`);
  await writeFile(home.file("tokens.csv"), rows.join("\n"), secret);
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "prime256v1",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await writeFile(home.file("service-accounts.key"), privateKey, secret);
  await writeFile(home.file("service-accounts.pub"), publicKey);
  return tokens;
}

const token = (): string => randomBytes(16).toString("hex");

/** A kubeconfig with one cluster and one user; returns its path. */
export async function writeKubeconfig(home: Home, name: string, { url, ca, token }: Access): Promise<string> {
  const cluster = { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "retrain", cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: "retrain", context: { cluster: "retrain", user: name } }],
    "current-context": "retrain",
  };
  const file = home.file(`${name}.kubeconfig`);
  await writeFile(file, stringify(config), secret);
  return file;
}
