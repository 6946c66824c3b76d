import { z } from "zod";

import { given } from "../../contract/given.ts";
import {
  commonConfig,
  commonVariables,
  port,
  readEnvironment,
  wholeNumber,
  type CommonConfig,
} from "../environment.ts";

const Environment = z.object({
  ...commonVariables,
  METRICS_PORT: port.default(9090),
  METRICS_ACCESS: z.enum(["open", "token"], "expected open or token").default("open"),
  API_AUDIENCE: z.string().max(253).default("retrain-operator"),
  STATIC_TOKEN_FILE: z.string().optional(),
  MODELS_DIR: z.string().optional(),
  RATE_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
});

/** Everything a sidecar process is told by its environment and its file; its port is that of the API and the page. */
export interface SidecarConfig extends CommonConfig {
  /** The one that is served. */
  readonly namespace: string;
  /** 0 is any free port. */
  readonly metricsPort: number;
  /** Who may read /metrics on its port: everybody who reaches it, or who has a token and the right. */
  readonly metricsAccess: "open" | "token";
  /** That a token has to be made for. */
  readonly audience: string;
  /** Holds one token that needs no API server to be known. */
  readonly staticTokenFile?: string;
  /** Where the configured claim is mounted, for the runs' reports. */
  readonly modelsDirectory?: string;
  /** Requests of one user. */
  readonly ratePerMinute: number;
}

/**
 * The sidecar's only reader of the environment. Throws BadConfiguration that names every wrong variable, or path of the file, with
 * what was found and what was expected.
 */
export function readSidecarConfig(
  environment: NodeJS.ProcessEnv,
  readFile: (file: string) => string,
): SidecarConfig {
  const env = readEnvironment(Environment, environment, "sidecar");
  return {
    ...commonConfig(env, readFile),
    namespace: env.POD_NAMESPACE,
    metricsPort: env.METRICS_PORT,
    metricsAccess: env.METRICS_ACCESS,
    audience: env.API_AUDIENCE,
    ratePerMinute: env.RATE_PER_MINUTE,
    ...given({ staticTokenFile: env.STATIC_TOKEN_FILE, modelsDirectory: env.MODELS_DIR }),
  };
}
