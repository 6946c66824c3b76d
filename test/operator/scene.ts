import path from "node:path";

import type { Access } from "../../hack/cluster/api.ts";
import { install, startControlPlane, type TestControlPlane } from "../support/control-plane.ts";
import { startOperator, type OperatorCall, type OperatorProcess } from "../support/operator-process.ts";
import { grantOperator } from "../support/operator-rights.ts";
import { openPlace, type Place } from "./place.ts";

const definition = path.join(import.meta.dirname, "..", "..", "crds", "retrainrun.yaml");
/** Where an operator for the whole cluster lives. */
const home = "retrain-system";

/** A control plane with the definition of RetrainRuns; its operators are real processes with the rights of an operator. */
export interface Scene extends AsyncDisposable {
  readonly plane: TestControlPlane;
  /** A new namespace. */
  place(namespace: string): Promise<Place>;
  /** Access of a new ServiceAccount with an operator's rights in these namespaces, which must be there. */
  account(namespace: string, watched: readonly string[] | "all"): Promise<Access>;
  /** An operator in a namespace of its own that watches all; it ends with the scene. */
  operator(call?: Partial<OperatorCall>): Promise<OperatorProcess>;
}

/** On a control plane without nodes unless told otherwise; places are as patient as they are by default, unless told otherwise. */
export async function startScene(
  start: () => Promise<TestControlPlane> = startControlPlane,
  patienceSeconds?: number,
): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const plane = stack.use(await start());
  try {
    await install(plane, definition);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
  const accounts = new Set<string>();
  const account = async (namespace: string, watched: readonly string[] | "all"): Promise<Access> => {
    const name = `operator-${String(accounts.size)}`;
    accounts.add(name);
    return { url: plane.url, ca: plane.ca, token: await grantOperator(plane, { namespace, name, watched }) };
  };
  const place = async (namespace: string): Promise<Place> => {
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    const { status, message } = await plane.ask("/api/v1/namespaces", { method: "POST", body });
    if (status !== 201 && status !== 409) throw new Error(message);
    return openPlace(plane, namespace, patienceSeconds);
  };
  return {
    plane,
    place,
    account,
    operator: async (call = {}) => {
      const { namespace = home, watched = "all" } = call;
      await place(namespace);
      const access = call.access ?? (await account(namespace, watched));
      return stack.use(await startOperator({ ...call, access, namespace, watched }));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
