import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";

import { connectionSource } from "../../../operator/kube/connection-source.ts";
import { Credentials } from "../../../operator/kube/credentials.ts";

describe("the API server", () => {
  const directory = "/var/run/secrets/kubernetes.io/serviceaccount";
  const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "6443" };

  test.each([
    { what: "KUBECONFIG", environment: { KUBECONFIG: "/k" }, source: { kind: "kubeconfig", file: "/k" } },
    {
      what: "KUBECONFIG before the Pod's own",
      environment: { ...pod, KUBECONFIG: "/k" },
      source: { kind: "kubeconfig", file: "/k" },
    },
    {
      what: "the Pod's own",
      environment: pod,
      source: { kind: "serviceAccount", server: "https://10.0.0.1:6443", directory },
    },
    {
      what: "the Pod's own by IPv6",
      environment: { KUBERNETES_SERVICE_HOST: "fd00::1", KUBECONFIG: "" },
      source: { kind: "serviceAccount", server: "https://[fd00::1]:443", directory },
    },
  ])("is that of $what", ({ environment, source }) => {
    expect(connectionSource(environment)).toEqual(source);
  });

  test("is never guessed", () => {
    expect(() => connectionSource({ HOME: "/root" })).toThrow("KUBECONFIG is not set and this is no Pod");
  });
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "credentials-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function written(text: string): Promise<Credentials> {
  const file = path.join(directory, "config");
  await writeFile(file, text);
  return new Credentials({ kind: "kubeconfig", file });
}
const config = (cluster: object, user: object): string =>
  stringify({
    clusters: [{ name: "c", cluster: { server: "https://host:1/prefix", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });

describe("a kubeconfig", () => {
  test("gives address, headers and what TLS needs; its files are beside it", async () => {
    await writeFile(path.join(directory, "ca.crt"), "authority");
    const cluster = { "certificate-authority": "ca.crt", "tls-server-name": "name" };
    const user = { token: "t", as: "somebody", "client-certificate-data": "Yw==", "client-key-data": "aw==" };
    expect(await (await written(config(cluster, user))).read()).toEqual({
      server: new URL("https://host:1/prefix"),
      headers: { authorization: "Bearer t", "impersonate-user": "somebody" },
      transport: {
        tls: {
          ca: Buffer.from("authority"),
          cert: Buffer.from("c"),
          key: Buffer.from("k"),
          servername: "name",
        },
        proxy: undefined,
      },
    });
  });

  test("may name a user with a password, and a proxy", async () => {
    const user = { username: "u", password: "p" };
    const { headers, transport } = await (
      await written(config({ "proxy-url": "http://proxy:1" }, user))
    ).read();
    expect(headers).toEqual({ authorization: `Basic ${Buffer.from("u:p").toString("base64")}` });
    expect(transport).toEqual({ tls: {}, proxy: "http://proxy:1" });
  });
});

describe("a kubeconfig that cannot be used", () => {
  const secret = "s3cr3t-token";
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "echo", args: [secret] };
  test.each([
    { what: "is no YAML", text: `users: [{ token: ${secret}`, says: "YAMLException" },
    { what: "has a plugin that prints no JSON", text: config({}, { exec }), says: "SyntaxError" },
    { what: "has no context", text: `a: ${secret}`, says: "its current context names no cluster" },
  ])("that $what is named without what is in it", async ({ text, says }) => {
    const reading = (await written(text)).read();
    await expect(reading).rejects.toThrow(`Cannot load the kubeconfig ${directory}/config: ${says}`);
    await expect(reading).rejects.toEqual(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });

  test("that is not there is named", async () => {
    const reading = new Credentials({ kind: "kubeconfig", file: "/nowhere/config" }).read();
    await expect(reading).rejects.toThrow(
      "Cannot load the kubeconfig /nowhere/config: ENOENT: no such file or directory, open '/nowhere/config'",
    );
  });
});
