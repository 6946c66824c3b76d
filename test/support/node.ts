import { setTimeout } from "node:timers/promises";

import { z } from "zod";

import { nodeBinarySearch } from "../../hack/cluster.ts";
import { findBinaries } from "../../hack/cluster/binaries.ts";
import type { ImageArchive } from "../../hack/cluster/node/import-image.ts";
import { takeInventory } from "../../hack/cluster/inventory.ts";
import { startNode as start } from "../../hack/cluster/node.ts";
import { startNodePostgres } from "../../hack/dev/postgres.ts";
import { ensureImages, trainerImage, type ImageName } from "../../hack/images.ts";
import { forTests, type TestControlPlane } from "./control-plane.ts";

/** A control plane with a node that runs Pods, and a PostgreSQL that they reach. Dispose it in afterAll; it ends with this process too. */
export interface TestNode extends TestControlPlane {
  /** Of an empty database on a server of its own, the same for this process and for Pods. With user and password. */
  readonly databaseUrl: string;
  /** A namespace in which the Pod Security standard `restricted` is enforced and Pods can be created. */
  makeNamespace(name: string): Promise<void>;
  /** A PersistentVolumeClaim that honours fsGroup; the first Pod that uses it binds it. */
  makeClaim(namespace: string, name: string): Promise<void>;
  /** Where the files of a bound claim lie on this machine. */
  pathOf(namespace: string, claim: string): Promise<string>;
  /** A Secret whose key DATABASE_URL names the database. */
  makeDatabaseSecret(namespace: string, name: string): Promise<void>;
}

/** About 10 s, and 900 MB as long as it runs, with the images named beside that of pause, or what `also` makes of them. */
export async function startNode(
  images: readonly ImageName[] = [trainerImage],
  also = (archives: readonly ImageArchive[]): Promise<readonly ImageArchive[]> => Promise.resolve(archives),
): Promise<TestNode> {
  await takeInventory(new Date());
  const binaries = await findBinaries(nodeBinarySearch(process.env));
  if (binaries === undefined) {
    throw new Error("There are no Kubernetes binaries: run npm run cluster -- up, which builds them");
  }
  const archives = await ensureImages(() => undefined, images);
  const plane = forTests(await start(binaries, await also(archives)), binaries);
  try {
    return await withPostgres(plane);
  } catch (error) {
    await plane[Symbol.asyncDispose]();
    throw error;
  }
}

async function withPostgres(plane: TestControlPlane): Promise<TestNode> {
  const postgres = await startNodePostgres(new URL(plane.url).hostname);
  return {
    ...plane,
    databaseUrl: postgres.url,
    makeNamespace: (name) => makeNamespace(plane, name),
    makeClaim: (namespace, name) =>
      create(plane, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, claim(name)),
    pathOf: (namespace, name) => pathOf(plane, namespace, name),
    makeDatabaseSecret: (namespace, name) =>
      create(plane, `/api/v1/namespaces/${namespace}/secrets`, {
        metadata: { name },
        stringData: { DATABASE_URL: postgres.url },
      }),
    [Symbol.asyncDispose]: async () => {
      await postgres[Symbol.asyncDispose]();
      await plane[Symbol.asyncDispose]();
    },
  };
}

async function makeNamespace(plane: TestControlPlane, name: string): Promise<void> {
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await create(plane, "/api/v1/namespaces", { metadata: { name, labels } });
  for (const object of ["serviceaccounts/default", "configmaps/kube-root-ca.crt"]) {
    while ((await plane.ask(`/api/v1/namespaces/${name}/${object}`)).status !== 200) await setTimeout(50);
  }
}

const claim = (name: string) => ({
  metadata: { name },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
});

const Bound = z.object({ spec: z.object({ volumeName: z.string() }) });
const Local = z.object({ spec: z.object({ local: z.object({ path: z.string() }) }) });

async function pathOf(plane: TestControlPlane, namespace: string, name: string): Promise<string> {
  const bound = await plane.ask(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
  const { volumeName } = Bound.parse(bound.object).spec;
  const volume = await plane.ask(`/api/v1/persistentvolumes/${volumeName}`);
  return Local.parse(volume.object).spec.local.path;
}

async function create(plane: TestControlPlane, all: string, body: object): Promise<void> {
  const { status, message } = await plane.ask(all, { method: "POST", body });
  if (status !== 201) throw new Error(`The API server refuses ${all}: ${message}`);
}
