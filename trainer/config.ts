import { existsSync } from "node:fs";
import os from "node:os";

import { z } from "zod";

import { TrainerInput } from "../contract/trainer-input.ts";
import { RunFailure } from "./errors.ts";
import { cacheDirectory } from "./xgboost/library.ts";

/** Kubernetes mounts a file there. */
const terminationLog = "/dev/termination-log";

const text = z.string("it is not set").min(1);
const Environment = z.object({
  TRAINER_INPUT: text.optional(),
  DATABASE_URL: text.optional(),
  /** PEM file of the certificate authority that signed the database server's certificate. */
  DATABASE_CA_FILE: text.optional(),
  MODELS_DIR: text.default("models"),
  REPORT_FILE: text.optional(),
  FEATURES_FILE: text.optional(),
  XGBOOST_LIBRARY: text.optional(),
  LOG_LEVEL: z.enum(["error", "warn", "info", "debug"]).default("info"),
  /** Without a sign of life for so long, another writer's lock is taken over; three times as long is waited for it. */
  LOCK_STALE_SECONDS: z.coerce.number("expected a number of seconds").min(2).max(3600).default(60),
  CODE_REVISION: text.optional(),
  IMAGE: text.optional(),
});

/** Everything a trainer process is told by its environment. */
export interface TrainerConfig {
  /** Undefined only for a run that reads no database. */
  readonly databaseUrl: string | undefined;
  readonly databaseCaFile: string | undefined;
  readonly modelsDir: string;
  readonly terminationLog: string | undefined;
  readonly reportFile: string | undefined;
  readonly featuresFile: string | undefined;
  readonly xgboostLibrary: string | undefined;
  readonly cacheDir: string;
  readonly logLevel: "error" | "warn" | "info" | "debug";
  readonly lockStaleSeconds: number;
  readonly codeRevision: string | undefined;
  readonly image: string | undefined;
}

/** The only reader of the environment. Empty variables count as unset, as in a Kubernetes manifest. */
export function readConfig(environment: NodeJS.ProcessEnv, needsDatabase = true): TrainerConfig {
  const schema = needsDatabase ? Environment.extend({ DATABASE_URL: text }) : Environment;
  const parsed = schema.safeParse(withoutEmpty(environment));
  if (!parsed.success) throw badEnvironment(parsed.error);
  const env = parsed.data;
  return {
    databaseUrl: env.DATABASE_URL,
    databaseCaFile: env.DATABASE_CA_FILE,
    modelsDir: env.MODELS_DIR,
    terminationLog: terminationLogOf(environment),
    reportFile: env.REPORT_FILE,
    featuresFile: env.FEATURES_FILE,
    xgboostLibrary: env.XGBOOST_LIBRARY,
    cacheDir: cacheDirectory(environment, os.homedir()),
    logLevel: env.LOG_LEVEL,
    lockStaleSeconds: env.LOCK_STALE_SECONDS,
    codeRevision: env.CODE_REVISION,
    image: env.IMAGE,
  };
}

/** Where the short report goes even when the rest of the environment is unusable. */
export const terminationLogOf = (environment: NodeJS.ProcessEnv): string | undefined =>
  environment["TERMINATION_LOG"] || (existsSync(terminationLog) ? terminationLog : undefined);

/** TRAINER_INPUT: one JSON document, the fully resolved spec. */
export function readInput(environment: NodeJS.ProcessEnv): TrainerInput {
  const json = environment["TRAINER_INPUT"];
  if (json === undefined || json === "") {
    throw new RunFailure(
      "BadConfiguration",
      "Cannot read TRAINER_INPUT: it is not set; expected the resolved spec of a run as JSON",
    );
  }
  const parsed = TrainerInput.safeParse(fromJson(json));
  if (parsed.success) return parsed.data;
  throw new RunFailure("BadConfiguration", `Cannot use TRAINER_INPUT: ${oneLine(parsed.error)}`);
}

/** All that is wrong with a document, on one line. */
export const oneLine = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join(".") || "the document"}: ${issue.message}`).join("; ");

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    // What it holds is not repeated, nor the parser's words, which quote it: it may be the wrong secret.
    throw new RunFailure(
      "BadConfiguration",
      `Cannot read TRAINER_INPUT: its ${String(json.length)} characters are not JSON; expected the resolved spec of a run`,
      { cause },
    );
  }
}

const withoutEmpty = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));

function badEnvironment(error: z.ZodError): RunFailure {
  const names = error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  return new RunFailure(
    "BadConfiguration",
    `Cannot start the trainer: its environment is incomplete: ${names}`,
  );
}
