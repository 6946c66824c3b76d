import type { Access } from "../../../../hack/cluster/api.ts";
import { startWithRetrainRuns } from "../../../crds/retrain-runs.ts";
import type { TestControlPlane } from "../../../support/control-plane.ts";
import {
  startSidecar,
  whenReady,
  type SidecarCall,
  type SidecarProcess,
} from "../../../support/sidecar-process.ts";
import { grantSidecar, grantUser, type UserRights } from "../../../support/sidecar-rights.ts";
import { openPlace, type Place } from "../../place.ts";

/** A namespace on a real control plane, its sidecars as real processes, and real tokens. */
export interface SidecarScene extends AsyncDisposable {
  readonly plane: TestControlPlane;
  readonly place: Place;
  /** Of the sidecar's ServiceAccount. */
  readonly access: Access;
  /** One token for each kind of user; the ServiceAccounts are called as the kinds. */
  readonly tokens: Readonly<Record<UserRights, string>>;
  /** Ready; it ends with the scene. */
  sidecar(call?: Partial<SidecarCall>): Promise<SidecarProcess>;
}

export async function startSidecarScene(namespace: string): Promise<SidecarScene> {
  const stack = new AsyncDisposableStack();
  const { plane } = stack.use(await startWithRetrainRuns());
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await plane.ask("/api/v1/namespaces", { method: "POST", body });
  const access = await grantSidecar(plane, { namespace, name: "sidecar" });
  const token = (rights: UserRights) => grantUser(plane, { namespace, name: rights }, rights);
  return {
    plane,
    place: openPlace(plane, namespace),
    access,
    tokens: { none: await token("none"), view: await token("view"), edit: await token("edit") },
    sidecar: async (call = {}) => {
      const sidecar = stack.use(await startSidecar(access, { namespace, ...call }));
      await whenReady(sidecar);
      return sidecar;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export interface Asked {
  readonly token?: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Only its head: a body that has no end is let go. */
export async function ask(url: string, { token, method, body, headers = {} }: Asked = {}): Promise<Response> {
  return await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
