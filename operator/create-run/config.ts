import { z } from "zod";

import { resolveSections, type Configuration } from "../../contract/configuration.ts";
import { ModelName } from "../../contract/spec/words.ts";
import { BadConfiguration } from "../bad-configuration.ts";
import { commonConfig, commonVariables, readEnvironment } from "../environment.ts";

const Environment = z.object({
  ...commonVariables,
  MODEL: z
    .string("it is not set; expected the name of a model")
    .refine((name) => ModelName.safeParse(name).success, "expected the name of a model, e.g. bike-traffic"),
  JOB_NAME: z.string("it is not set; expected the name of the Job that this process runs in").min(1).max(253),
});

/** Everything that create-run is told by its environment and its file. */
export interface CreateRunConfig {
  readonly configuration: Configuration;
  readonly namespace: string;
  readonly model: string;
  /** Whose months are counted. */
  readonly timeZone: string;
  /** The Job that this process runs in: it knows for when it was made. */
  readonly jobName: string;
  readonly logLevel: "error" | "warn" | "info" | "debug";
}

/** Throws BadConfiguration that names every wrong variable, or path of the file, with what was found and what was expected. */
export function readCreateRunConfig(
  environment: NodeJS.ProcessEnv,
  readFile: (file: string) => string,
): CreateRunConfig {
  const env = readEnvironment(Environment, environment, "creation of a run");
  const { configuration, logLevel } = commonConfig(env, readFile);
  const { MODEL: model, JOB_NAME: jobName, POD_NAMESPACE: namespace } = env;
  const names = Object.keys(configuration.models);
  if (names.length > 0 && !names.includes(model)) {
    throw new BadConfiguration(
      `Cannot create a run: MODEL is ${JSON.stringify(model)}; expected one of the configured models: ${names.join(", ")}`,
    );
  }
  const own = configuration.models[model]?.timeZone;
  const timeZone = own ?? resolveSections({ model }, configuration).source.timeZone;
  return { configuration, namespace, model, timeZone, jobName, logLevel };
}
