import type { V1EnvVar } from "@kubernetes/client-node";

import type { PodOptions } from "../../../contract/configuration.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Resolved } from "../resolved.ts";
import { databaseCaFile, modelsDirectory, scratchDirectory } from "./volumes.ts";

/** What the trainer's container is told. Configured variables come first and replace none of the run's own. */
export function trainerEnv(resolved: Resolved, { env, databaseCaConfigMap }: PodOptions): V1EnvVar[] {
  const own: V1EnvVar[] = [
    { name: "TRAINER_INPUT", value: literally(canonicalJson(resolved.input)) },
    { name: "MODELS_DIR", value: modelsDirectory },
    { name: "IMAGE", value: resolved.image },
    ...databaseEnv(resolved, databaseCaConfigMap),
  ];
  const variables = { ...adjustable, ...env };
  const configured = Object.entries(variables).filter(([name]) => !reserved.has(name));
  return [...configured.map(([name, value]) => ({ name, value })), ...own];
}

/** Kubernetes puts the value of a variable for its $(NAME), and $ for $$: a run's texts must not read the Pod's secrets. */
const literally = (text: string): string => text.replaceAll("$", "$$$$");

/** The root file system is read-only, and a numeric user has no home. */
const adjustable = { LOG_LEVEL: "info", TMPDIR: scratchDirectory, HOME: scratchDirectory };

/** A restore is told of no database, not by the configuration either. */
const reserved: ReadonlySet<string> = new Set([
  "TRAINER_INPUT",
  "MODELS_DIR",
  "IMAGE",
  "DATABASE_URL",
  "DATABASE_CA_FILE",
]);

function databaseEnv({ secretRef }: Resolved, caConfigMap: string | undefined): V1EnvVar[] {
  if (secretRef === undefined) return [];
  const { name, key } = secretRef;
  const url = { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name, key } } };
  return caConfigMap === undefined ? [url] : [url, { name: "DATABASE_CA_FILE", value: databaseCaFile }];
}
