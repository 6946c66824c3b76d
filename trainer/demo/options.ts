import { parseArgs } from "node:util";

import { RunFailure } from "../errors.ts";

export interface DemoOptions {
  /** A directory with three CSV files; undefined for the generator. */
  readonly data: string | undefined;
  readonly stations: number;
  readonly years: number;
  readonly seed: number;
  readonly models: string;
  readonly json: string | undefined;
  readonly features: string | undefined;
  /** A RetrainRun manifest whose spec the run gets. */
  readonly run: string | undefined;
  /** Why the run is published whatever the gate says; undefined when it is not forced. */
  readonly force: string | undefined;
  /** Leave the database running. */
  readonly keep: boolean;
}

export const usage =
  "npm run demo -- [--data DIR] [--stations N --years N --seed N] [--run RUN.yaml] [--models DIR] [--json FILE] [--features FILE] [--force REASON] [--keep]";

/** The demo's command line. Throws BadConfiguration with the usage. */
export function demoOptions(args: readonly string[]): DemoOptions {
  const values = parsed(args);
  return {
    data: values.data,
    stations: positive("--stations", values.stations, 40),
    years: positive("--years", values.years, 3),
    seed: values.seed === undefined ? 1 : positive("--seed", values.seed, 1),
    models: values.models ?? "models",
    json: values.json,
    features: values.features,
    run: values.run,
    force: values.force,
    keep: values.keep ?? false,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = {
    data: text,
    stations: text,
    years: text,
    seed: text,
    run: text,
    force: text,
    models: text,
    json: text,
    features: text,
    keep: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    throw refusal(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function positive(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && (name === "--years" || Number.isInteger(value))) return value;
  throw refusal(`${name} is ${text}, expected a ${name === "--years" ? "number" : "whole number"} above 0`);
}

const refusal = (problem: string, cause?: unknown): RunFailure =>
  new RunFailure("BadConfiguration", `Cannot understand the command line: ${problem}. Usage: ${usage}`, {
    cause,
  });
