import path from "node:path";

import type { RetrainRunSpec } from "../../contract/retrain-run.ts";
import type { RetrainRunStatus } from "../../contract/status.ts";
import { install, startControlPlane, type Answer, type TestControlPlane } from "../support/control-plane.ts";

const file = path.join(import.meta.dirname, "..", "..", "crds", "retrainrun.yaml");
const all = "/apis/retrain.velo/v1alpha1/namespaces/default/retrainruns";
const merge = "application/merge-patch+json";

/** The RetrainRuns of a real API server, as a client sees them. */
export interface RetrainRuns extends AsyncDisposable {
  readonly plane: TestControlPlane;
  /** Creates a run; unknown fields are refused as kubectl asks for. A spec of undefined is left out. */
  create(name: string, spec?: unknown): Promise<Answer>;
  /** Merges into the spec: null removes a field. */
  patchSpec(name: string, spec: Partial<Record<keyof RetrainRunSpec, unknown>>): Promise<Answer>;
  /** Merges into the status, as the operator does. */
  patchStatus(name: string, status: Partial<Record<keyof RetrainRunStatus, unknown>> | null): Promise<Answer>;
}

export async function startWithRetrainRuns(): Promise<RetrainRuns> {
  const plane = await startControlPlane();
  try {
    await install(plane, file);
  } catch (error) {
    await plane[Symbol.asyncDispose]();
    throw error;
  }
  return {
    plane,
    create: (name, spec) => {
      const body = { apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: { name }, spec };
      return plane.ask(`${all}?fieldValidation=Strict`, { method: "POST", body });
    },
    patchSpec: (name, spec) => plane.ask(`${all}/${name}`, { method: "PATCH", type: merge, body: { spec } }),
    patchStatus: (name, status) =>
      plane.ask(`${all}/${name}/status`, { method: "PATCH", type: merge, body: { status } }),
    [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose](),
  };
}
