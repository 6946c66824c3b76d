import { KubeError, type Kube, type Resource } from "../../../operator/kube/api.ts";
import type { CallSeen } from "../../../operator/kube/call.ts";
import { createKube, type Limits } from "../../../operator/kube/client.ts";
import { loadConnection, type Connection } from "../../../operator/kube/connection.ts";
import { startWithRetrainRuns } from "../../crds/retrain-runs.ts";
import type { TestControlPlane } from "../../support/control-plane.ts";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy.ts";
import type { Asked, Fault } from "../../support/fault-proxy/faults.ts";

export const configMaps: Resource = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap" };

export const configMap = (name: string): { readonly metadata: { readonly name: string } } => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
});

/** A client of a real API server, with a fault proxy between them. */
export interface KubeScene extends AsyncDisposable {
  readonly plane: TestControlPlane;
  readonly proxy: FaultProxy;
  readonly kube: Kube;
  /** A client of its own limits on the same connection. */
  within(limits: Partial<Limits>): Kube;
  /** What the metrics were told since `forget`, oldest first. */
  readonly calls: CallSeen[];
  /** What reached the proxy since `forget`. */
  readonly asked: Asked[];
  /** Breaks each request that fits, until `forget`. */
  inject(fault: Fault, fits: (asked: Asked) => boolean): void;
  forget(): void;
}

export async function startKubeScene(): Promise<KubeScene> {
  const stack = new AsyncDisposableStack();
  try {
    return await built(stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function built(stack: AsyncDisposableStack): Promise<KubeScene> {
  const { plane } = stack.use(await startWithRetrainRuns());
  const proxy = stack.use(await startFaultProxy(plane));
  const connection = stack.use(await loadConnection({ kind: "explicit", access: proxy.access }));
  const calls: CallSeen[] = [];
  const asked: Asked[] = [];
  proxy.inject({ kind: "drop" }, (request) => {
    asked.push(request);
    return false;
  });
  const within = (limits: Partial<Limits>): Kube => kubeOn(connection, calls, limits);
  const broken: Disposable[] = [];
  return {
    ...{ plane, proxy, calls, asked, within, kube: within({}) },
    inject: (fault, fits) => broken.push(proxy.inject(fault, fits)),
    forget: () => {
      for (const fault of broken.splice(0)) fault[Symbol.dispose]();
      calls.length = 0;
      asked.length = 0;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Waits exactly as long as a server asks, and half of the longest back-off otherwise. */
export const kubeOn = (connection: Connection, calls: CallSeen[], limits: Partial<Limits> = {}): Kube =>
  createKube(connection, { random: () => 0, onCall: (seen) => calls.push(seen), limits });

/** The KubeError that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<KubeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof KubeError) return error;
    throw error;
  }
  throw new Error("The call has not failed");
}
