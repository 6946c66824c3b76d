import type { Configuration } from "../../../contract/configuration.ts";
import type { Kube } from "../../kube/api.ts";
import { Problem, problem } from "../http/problem.ts";
import type { Runs } from "../runs/runs.ts";

/** What the calls of the API are answered from. */
export interface ApiContext {
  readonly runs: Runs;
  readonly kube: Pick<Kube, "get" | "list" | "create" | "patch">;
  /** Whose runs are served. */
  readonly namespace: string;
  readonly configuration: Configuration;
  readonly now: () => Date;
}

/** The watched runs. Throws the Problem 503 until they have been listed once: an empty answer would be untrue. */
export function listed({ runs }: ApiContext): Runs {
  if (runs.isSynced) return runs;
  throw notReady();
}

/** The Problem 503 of the first seconds. */
export const notReady = (): Problem =>
  new Problem(503, "not-ready", "The runs have not been listed yet: ask again in a few seconds", {
    headers: { "Retry-After": "5" },
  });

/** The models that runs may be of: those of the configuration, without any the default one. */
export function configuredModels({ models, model }: Configuration): readonly string[] {
  const configured = Object.keys(models);
  return configured.length === 0 ? [model] : configured;
}

/** Throws the Problem 422 for a model that the configuration does not have. */
export function demandModel(model: string, configuration: Configuration): void {
  const known = configuredModels(configuration);
  if (known.includes(model)) return;
  const most = 5;
  const more = known.length > most ? ` and ${String(known.length - most)} more` : "";
  throw problem(
    422,
    "unknown-model",
    `There is no model ${model}: the configuration has ${known.slice(0, most).join(", ")}${more}`,
    { model },
  );
}
