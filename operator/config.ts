import { randomUUID } from "node:crypto";

import { z } from "zod";

import {
  commonConfig,
  commonVariables,
  label,
  labelText,
  readEnvironment,
  wholeNumber,
  type CommonConfig,
} from "./environment.ts";

const everyNamespace = "*";
const namesIn = (text: string): string[] => text.split(",").map((name) => name.trim());
const areNamespaces = (text: string): boolean =>
  text.trim() === everyNamespace || namesIn(text).every((name) => label.test(name));

const Environment = z.object({
  ...commonVariables,
  POD_NAME: z.string().max(253).default("retrain-operator"),
  WATCH_NAMESPACES: z
    .string()
    .refine(areNamespaces, `expected names of namespaces such as bikes,trams (each ${labelText}), or * alone`)
    .optional(),
  LEASE_NAME: z.string().regex(label, `expected ${labelText}`).default("retrain-operator"),
  LEASE_SECONDS: wholeNumber(1, 3600).default(15),
});

/** Everything an operator process is told by its environment and its file; its port is that of health and metrics. */
export interface OperatorConfig extends CommonConfig {
  /** Whose RetrainRuns are carried out; at least one, each once. */
  readonly namespaces: readonly string[] | "all";
  readonly podNamespace: string;
  /** Who this process is in a Lease and in Events: a restarted Pod is somebody else. */
  readonly identity: string;
  readonly leaseName: string;
  /** How long a Lease is good for without being renewed. */
  readonly leaseSeconds: number;
}

/**
 * The operator's only reader of the environment. Throws BadConfiguration that names every wrong variable, or path of the file, with
 * what was found and what was expected.
 */
export function readConfig(
  environment: NodeJS.ProcessEnv,
  readFile: (file: string) => string,
  random: () => string = randomUUID,
): OperatorConfig {
  const env = readEnvironment(Environment, environment, "operator");
  return {
    ...commonConfig(env, readFile),
    namespaces: namespacesOf(env.WATCH_NAMESPACES ?? env.POD_NAMESPACE),
    podNamespace: env.POD_NAMESPACE,
    identity: `${env.POD_NAME}_${random()}`,
    leaseName: env.LEASE_NAME,
    leaseSeconds: env.LEASE_SECONDS,
  };
}

const namespacesOf = (text: string): readonly string[] | "all" =>
  text.trim() === everyNamespace ? "all" : [...new Set(namesIn(text))];
