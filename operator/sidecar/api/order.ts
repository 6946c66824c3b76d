import { apiVersion, type RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { requestReasonAnnotation } from "../runs/runs.ts";
import { fingerprintOf } from "./run-names.ts";

/** A run that somebody wants to have. */
export interface Order {
  readonly spec: RetrainRunSpec & { readonly model: string; readonly requestedBy: string };
  readonly reason: string | undefined;
}

/** On a RetrainRun: what was asked for, so that a key that is used again for something else is noticed. */
export const requestAnnotation = "retrain.velo/request";

export function manifestOf({ spec, reason }: Order, name: string): object {
  const annotations = {
    [requestAnnotation]: fingerprintOf(spec, reason),
    ...(reason === undefined ? {} : { [requestReasonAnnotation]: reason }),
  };
  return { apiVersion, kind: "RetrainRun", metadata: { name, annotations }, spec };
}
