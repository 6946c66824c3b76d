import { randomUUID } from "node:crypto";

import { z } from "zod";

import type { Configuration } from "../contract/configuration.ts";
import { BadConfiguration, whatIsWrong } from "./bad-configuration.ts";
import { parseConfiguration } from "./configuration-file.ts";

const everyNamespace = "*";
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u;
const labelText = "at most 63 lower-case letters, digits and '-'";
const namesIn = (text: string): string[] => text.split(",").map((name) => name.trim());
const areNamespaces = (text: string): boolean =>
  text.trim() === everyNamespace || namesIn(text).every((name) => label.test(name));

const wholeNumber = (from: number, to: number): z.ZodType<number> => {
  const expected = `expected a whole number from ${String(from)} to ${String(to)}`;
  return z.coerce.number(expected).int(expected).min(from, expected).max(to, expected);
};

const Environment = z.object({
  CONFIG_FILE: z.string().optional(),
  POD_NAMESPACE: z
    .string("it is not set; expected the name of a namespace")
    .regex(label, `expected the name of a namespace: ${labelText}`),
  POD_NAME: z.string().max(253).default("retrain-operator"),
  WATCH_NAMESPACES: z
    .string()
    .refine(areNamespaces, `expected names of namespaces such as bikes,trams (each ${labelText}), or * alone`)
    .optional(),
  LISTEN_ON: z.enum(["all", "loopback"], "expected all or loopback").default("all"),
  PORT: wholeNumber(0, 65_535).default(8080),
  LEASE_NAME: z.string().regex(label, `expected ${labelText}`).default("retrain-operator"),
  LEASE_SECONDS: wholeNumber(1, 3600).default(15),
  RELIST_SECONDS: wholeNumber(1, 86_400).default(600),
  LOG_LEVEL: z
    .enum(["error", "warn", "info", "debug"], "expected error, warn, info or debug")
    .default("info"),
  VERSION: z.string().max(128).default("unknown"),
  CODE_REVISION: z.string().max(128).default("unknown"),
});

/** Everything an operator process is told by its environment and its file. */
export interface OperatorConfig {
  readonly configuration: Configuration;
  /** Whose RetrainRuns are carried out; at least one, each once. */
  readonly namespaces: readonly string[] | "all";
  readonly podNamespace: string;
  /** Who this process is in a Lease and in Events: a restarted Pod is somebody else. */
  readonly identity: string;
  /** Health and metrics; 0 is any free port. */
  readonly port: number;
  readonly listenOn: "all" | "loopback";
  readonly leaseName: string;
  /** How long a Lease is good for without being renewed. */
  readonly leaseSeconds: number;
  /** Between two full lists of what is watched. */
  readonly relistSeconds: number;
  readonly logLevel: "error" | "warn" | "info" | "debug";
  readonly version: string;
  readonly revision: string;
}

/**
 * The only reader of the environment. Empty variables count as unset, as in a Kubernetes manifest. Throws BadConfiguration that
 * names every wrong variable, or path of the file, with what was found and what was expected.
 */
export function readConfig(
  environment: NodeJS.ProcessEnv,
  readFile: (file: string) => string,
  random: () => string = randomUUID,
): OperatorConfig {
  const variables = withoutEmpty(environment);
  const parsed = Environment.safeParse(variables);
  if (!parsed.success) {
    throw new BadConfiguration(`Cannot start the operator: ${whatIsWrong(parsed.error, variables)}`);
  }
  const env = parsed.data;
  return {
    configuration: configurationOf(env.CONFIG_FILE, readFile),
    namespaces: namespacesOf(env.WATCH_NAMESPACES ?? env.POD_NAMESPACE),
    podNamespace: env.POD_NAMESPACE,
    identity: `${env.POD_NAME}_${random()}`,
    port: env.PORT,
    listenOn: env.LISTEN_ON,
    leaseName: env.LEASE_NAME,
    leaseSeconds: env.LEASE_SECONDS,
    relistSeconds: env.RELIST_SECONDS,
    logLevel: env.LOG_LEVEL,
    version: env.VERSION,
    revision: env.CODE_REVISION,
  };
}

const withoutEmpty = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));

const namespacesOf = (text: string): readonly string[] | "all" =>
  text.trim() === everyNamespace ? "all" : [...new Set(namesIn(text))];

/** Without a file: what is built in. */
function configurationOf(file: string | undefined, readFile: (file: string) => string): Configuration {
  return file === undefined
    ? parseConfiguration("", "(none)")
    : parseConfiguration(textOf(file, readFile), file);
}

function textOf(file: string, readFile: (file: string) => string): string {
  try {
    return readFile(file);
  } catch (cause) {
    const problem = Error.isError(cause) ? cause.message : String(cause);
    throw new BadConfiguration(`Cannot read CONFIG_FILE: ${problem}; expected a file of YAML`, { cause });
  }
}
