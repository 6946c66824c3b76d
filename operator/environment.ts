import { z } from "zod";

import type { Configuration } from "../contract/configuration.ts";
import { BadConfiguration, whatIsWrong } from "./bad-configuration.ts";
import { parseConfiguration } from "./configuration-file.ts";

/** What every process of the operator's image is told by its environment. */
export interface CommonConfig {
  readonly configuration: Configuration;
  /** 0 is any free port. */
  readonly port: number;
  readonly listenOn: "all" | "loopback";
  /** Between two full lists of what is watched. */
  readonly relistSeconds: number;
  readonly logLevel: "error" | "warn" | "info" | "debug";
  readonly version: string;
  readonly revision: string;
}

/** A name as Kubernetes has them in labels. */
export const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u;
export const labelText = "at most 63 lower-case letters, digits and '-'";

export const wholeNumber = (from: number, to: number): z.ZodType<number> => {
  const expected = `expected a whole number from ${String(from)} to ${String(to)}`;
  return z.coerce.number(expected).int(expected).min(from, expected).max(to, expected);
};

export const port = wholeNumber(0, 65_535);

/** Variables that every process reads. */
export const commonVariables = {
  CONFIG_FILE: z.string().optional(),
  POD_NAMESPACE: z
    .string("it is not set; expected the name of a namespace")
    .regex(label, `expected the name of a namespace: ${labelText}`),
  LISTEN_ON: z.enum(["all", "loopback"], "expected all or loopback").default("all"),
  PORT: port.default(8080),
  RELIST_SECONDS: wholeNumber(1, 86_400).default(600),
  LOG_LEVEL: z
    .enum(["error", "warn", "info", "debug"], "expected error, warn, info or debug")
    .default("info"),
  VERSION: z.string().max(128).default("unknown"),
  CODE_REVISION: z.string().max(128).default("unknown"),
};

type CommonVariables = z.output<z.ZodObject<typeof commonVariables>>;

/**
 * The variables of a schema; empty ones count as unset, as in a Kubernetes manifest. Throws BadConfiguration that names every wrong
 * one with what was found and what was expected.
 */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
  program: string,
): z.output<Schema> {
  const variables = withoutEmpty(environment);
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    throw new BadConfiguration(`Cannot start the ${program}: ${whatIsWrong(parsed.error, variables)}`);
  }
  return parsed.data;
}

const withoutEmpty = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));

/** Throws BadConfiguration that names every wrong path of the file. */
export const commonConfig = (env: CommonVariables, readFile: (file: string) => string): CommonConfig => ({
  configuration: configurationOf(env.CONFIG_FILE, readFile),
  port: env.PORT,
  listenOn: env.LISTEN_ON,
  relistSeconds: env.RELIST_SECONDS,
  logLevel: env.LOG_LEVEL,
  version: env.VERSION,
  revision: env.CODE_REVISION,
});

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
