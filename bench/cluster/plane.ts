import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { parse } from "yaml";
import { z } from "zod";

import { binarySearch } from "../../hack/cluster.ts";
import { call, type Access, type Call } from "../../hack/cluster/api.ts";
import { ensureBinaries } from "../../hack/cluster/binaries.ts";
import { startControlPlane } from "../../hack/cluster/control-plane.ts";
import { takeInventory } from "../../hack/cluster/inventory.ts";
import type { Say } from "../program.ts";

/** Where all runs are. */
export const namespace = "bench";

/** A real control plane with the definition of RetrainRuns. It ends with its block. */
export interface Plane extends AsyncDisposable {
  /** Removed with it, even if this process is killed. */
  readonly directory: string;
  /** Of a service account: unlike an administrator's its calls stand in line with others'. */
  readonly operator: Access;
  /** As somebody who may do everything; throws an Error when it is refused. */
  readonly ask: (at: string, options?: Call) => Promise<unknown>;
}

export async function openPlane(say: Say): Promise<Plane> {
  await takeInventory(new Date());
  const plane = await startControlPlane(await ensureBinaries(say, binarySearch(process.env)));
  const ask = async (at: string, options?: Call): Promise<unknown> => {
    const { status, text } = await call(plane, at, options);
    if (status >= 300) throw new Error(`The API server refuses ${at}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as unknown;
  };
  const create = (at: string, body: object): Promise<unknown> => ask(at, { method: "POST", body });
  try {
    await installWithoutStatus(ask);
    await create("/api/v1/namespaces", { metadata: { name: namespace } });
    const { url, ca } = plane;
    const operator = { url, ca, token: await tokenOfOperator(create) };
    const { directory } = plane;
    return { directory, operator, ask, [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose]() };
  } catch (error) {
    await plane[Symbol.asyncDispose]();
    throw error;
  }
}

const definitionFile = path.join(import.meta.dirname, "..", "..", "crds", "retrainrun.yaml");

export const runsPath = `/apis/retrain.velo/v1alpha1/namespaces/${namespace}/retrainruns`;

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const Definition = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ versions: z.array(z.looseObject({ subresources: z.unknown().optional() })) }),
});
const definition = async (): Promise<z.infer<typeof Definition>> =>
  Definition.parse(parse(await readFile(definitionFile, "utf8")));

/** As long as a status is no subresource it can be created with its run: half the calls. */
async function installWithoutStatus(ask: Plane["ask"]): Promise<void> {
  const { spec, ...rest } = await definition();
  const versions = spec.versions.map(({ subresources: _, ...version }) => version);
  await ask(definitions, { method: "POST", body: { ...rest, spec: { ...spec, versions } } });
  await served(ask, runsPath);
}

/** From now on the definition is as it is shipped; `run` is one that is there. */
export async function makeStatusASubresource(ask: Plane["ask"], run: string): Promise<void> {
  const { metadata, spec } = await definition();
  const type = "application/merge-patch+json";
  await ask(`${definitions}/${metadata.name}`, { method: "PATCH", type, body: { spec } });
  await served(ask, `${runsPath}/${run}/status`);
}

async function served(ask: Plane["ask"], at: string): Promise<void> {
  while (!(await isServed(ask, at))) await setTimeout(50);
}

/** 404 until the API server has taken the definition over. */
const isServed = (ask: Plane["ask"], at: string): Promise<boolean> =>
  ask(at).then(
    () => true,
    () => false,
  );

const TokenRequest = z.object({ status: z.object({ token: z.string() }) });

async function tokenOfOperator(create: (at: string, body: object) => Promise<unknown>): Promise<string> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const name = "retrain-operator";
  const rbac = "rbac.authorization.k8s.io";
  await create(accounts, { metadata: { name } });
  await create(`/apis/${rbac}/v1/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  return TokenRequest.parse(await create(`${accounts}/${name}/token`, request)).status.token;
}
