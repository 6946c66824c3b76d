import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { KubeError, resources } from "../../../operator/kube/api.ts";
import type { CallSeen } from "../../../operator/kube/call.ts";
import { loadConnection, type Connection } from "../../../operator/kube/connection.ts";
import { configMap, configMaps, failureOf, kubeOn, startKubeScene, type KubeScene } from "./kube-scene.ts";
import { kubeconfig, plugin, serviceAccount } from "./token-holders.ts";

const pods = { resource: resources.pods, namespace: "default" };
const maps = { resource: configMaps, namespace: "default" };

let scene: KubeScene;
let directory: string;
let calls: CallSeen[];
beforeAll(async () => {
  scene = await startKubeScene();
  directory = await mkdtemp(path.join(tmpdir(), "connection-"));
}, 60_000);
beforeEach(() => {
  calls = [];
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await scene[Symbol.asyncDispose]();
});

const codes = (): number[] => calls.map(({ code }) => code);

describe("a token", () => {
  let powerless: string;
  let viewer: string;
  let deleted: string;
  beforeAll(async () => {
    [powerless, viewer, deleted] = [
      await tokenOf("powerless"),
      await tokenOf("viewer"),
      await tokenOf("deleted"),
    ];
    const grant = "create rolebinding view --clusterrole=view --serviceaccount=default:viewer";
    await scene.plane.kubectl(grant.split(" "));
    await scene.plane.kubectl(["delete", "serviceaccount", "deleted"]);
  });

  test.each([{ make: serviceAccount }, { make: kubeconfig }])(
    "that is replaced counts from the next call on: $make.name",
    async ({ make }) => {
      const holder = await make(scene.proxy.access, directory);
      await holder.put(powerless);
      await using connection = await loadConnection(holder.source);
      expect(await podsListed(connection)).toBe("Forbidden");
      await holder.put(viewer);
      expect(await podsListed(connection)).toBe("allowed");
      expect(codes()).toEqual([403, 200]);
    },
  );

  test.each([
    { make: serviceAccount, asked: [401, 401, 200] },
    { make: kubeconfig, asked: [401, 401, 200] },
    // Its answer is kept until the server refuses it; the same call then asks once more with a fresh one.
    { make: plugin, asked: [401, 401, 401, 200] },
  ])("whose account is gone is read afresh: $make.name", async ({ make, asked }) => {
    const holder = await make(scene.proxy.access, directory);
    await holder.put(deleted);
    await using connection = await loadConnection(holder.source);
    expect(await podsListed(connection)).toBe("Unauthorized");
    await holder.put(viewer);
    expect(await podsListed(connection)).toBe("allowed");
    expect(codes()).toEqual(asked);
  });

  test("does not make a connection of its own", async () => {
    const holder = await serviceAccount(scene.proxy.access, directory);
    await holder.put(viewer);
    await using connection = await loadConnection(holder.source);
    await podsListed(connection);
    const before = scene.proxy.counts.connections;
    await holder.put(powerless);
    expect(await podsListed(connection)).toBe("Forbidden");
    expect(scene.proxy.counts.connections).toBe(before);
  });
});

async function tokenOf(account: string): Promise<string> {
  await scene.plane.kubectl(["create", "serviceaccount", account]);
  return (await scene.plane.kubectl(["create", "token", account])).trim();
}

/** What a client of that connection gets told when it lists Pods. */
async function podsListed(connection: Connection): Promise<string> {
  try {
    await kubeOn(connection, calls).list(pods);
    return "allowed";
  } catch (error) {
    if (error instanceof KubeError) return error.reason;
    throw error;
  }
}

describe("the authority of the server's certificate", () => {
  const useKubeconfig = () => loadConnection({ kind: "kubeconfig", file: scene.proxy.kubeconfig });

  test("may change: the next call has a new connection, those after it share that", async () => {
    await using connection = await useKubeconfig();
    const kube = kubeOn(connection, calls);
    await kube.list(pods);
    const before = scene.proxy.counts.connections;
    await scene.proxy.renewCertificate();
    for (let asked = 0; asked < 5; asked++) await kube.list(pods);
    expect(scene.proxy.counts.connections).toBe(before + 1);
  });

  test("may change while a watch runs, which goes on", async () => {
    await using connection = await useKubeconfig();
    const kube = kubeOn(connection, calls);
    const { resourceVersion } = await kube.list(maps, { fresh: true });
    const { signal } = new AbortController();
    const watching = kube.watch(maps, { resourceVersion, signal })[Symbol.asyncIterator]();
    await kube.create(maps, configMap("before"));
    expect(await watching.next()).toMatchObject({ value: { object: { metadata: { name: "before" } } } });
    await scene.proxy.renewCertificate();
    await kube.create(maps, configMap("after"));
    expect(await watching.next()).toMatchObject({ value: { object: { metadata: { name: "after" } } } });
    await watching.return?.();
    expect(calls.map(({ verb }) => verb)).toEqual(["list", "create", "watch", "create"]);
  });

  test("must be the one that was given", async () => {
    const { access } = scene.proxy;
    await scene.proxy.renewCertificate();
    await using connection = await loadConnection({ kind: "explicit", access });
    const failure = await failureOf(kubeOn(connection, calls).list(pods));
    expect(failure).toMatchObject({ status: 0, reason: "Unreachable" });
    expect(failure.message).toMatch(/^Cannot list pods default: .*certificate/u);
  });
});
