import { existsSync } from "node:fs";
import path from "node:path";

import pgPromise from "pg-promise";
import { z } from "zod";

import { fillDatabase } from "../../trainer/demo/fill.ts";
import { demoOptions } from "../../trainer/demo/options.ts";
import { startPostgres } from "../../trainer/demo/postgres.ts";
import type { Say } from "../program.ts";

/** A directory with three CSV files, or about so many generated readings of counters that have one a day. */
export type Wanted = { readonly directory: string } | { readonly readings: number };

/** A PostgreSQL of our own with a history that both sides read. It ends with its block. */
export interface History extends AsyncDisposable {
  readonly url: string;
  /** The run's clock. */
  readonly asOf: string;
  /** Rows of bike_count. */
  readonly readings: number;
  /** Of PostgreSQL. */
  readonly version: string;
}

export async function openHistory(wanted: Wanted, say: Say): Promise<History> {
  const postgres = await startPostgres({ say });
  try {
    const asOf = await fillDatabase(postgres.url, demoOptions(wordsOf(wanted)), say);
    const facts = await factsOf(postgres.url);
    return { url: postgres.url, asOf, ...facts, [Symbol.asyncDispose]: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

const mostYears = 10;
const fewestStations = 10;
/** A generated counter misses a few days. */
const readingsOfAYear = 363;

function wordsOf(wanted: Wanted): readonly string[] {
  if ("directory" in wanted) return ["--data", wanted.directory];
  const years = Math.min(mostYears, wanted.readings / (fewestStations * readingsOfAYear));
  const stations = Math.max(1, Math.round(wanted.readings / (years * readingsOfAYear)));
  return ["--stations", String(stations), "--years", String(years)];
}

const Facts = z.object({ readings: z.coerce.number(), version: z.string() });

async function factsOf(url: string): Promise<z.infer<typeof Facts>> {
  const db = pgPromise({ noWarnings: true })(url);
  try {
    const sql = "SELECT count(*) AS readings, current_setting('server_version') AS version FROM bike_count";
    return Facts.parse(await db.one(sql));
  } finally {
    await db.$pool.end();
  }
}

/** Real data, where there is some: SAMPLE_DATA, as the tests have it. Empty where there is none. */
export function sampleDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const directory = path.resolve(environment["SAMPLE_DATA"] ?? "../shared/data", "montpellier");
  return existsSync(directory) ? directory : "";
}

/** The directory if there is one, else generated counters. */
export const wantedOf = ({ data, readings }: { readonly data: string; readonly readings: number }): Wanted =>
  data === "" ? { readings } : { directory: data };
