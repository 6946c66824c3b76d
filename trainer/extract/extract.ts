import { z } from "zod";

import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { Station } from "../clean/clean.ts";
import type { Database, DatabaseOptions } from "./connection.ts";
import { openDatabase } from "./connection.ts";
import { copyRows } from "./copy-rows.ts";
import { countsQuery, stationsQuery, weatherQuery, type CopyQuery, type Span } from "./queries.ts";
import { CountsReader, StationsReader, WeatherReader } from "./read-tables.ts";
import { quotedTable } from "./quoting.ts";
import { planSource, type SourcePlan } from "./schema.ts";
import { withSnapshot } from "./snapshot.ts";
import { readTable } from "./table-types.ts";
import type { RunSpan } from "../span.ts";
import { plusDays } from "../days.ts";
import type { RowCursor } from "./copy-row.ts";

/** What one instant of the database held. */
export interface Extracted {
  readonly counts: CountsReader;
  readonly weather: WeatherReader;
  readonly stations: ReadonlyMap<string, Station>;
  readonly readings: { readonly bikeCount: number; readonly weather: number; readonly countersInfo: number };
  readonly ordered: { readonly bikeCount: boolean; readonly weather: boolean };
}

export interface ExtractOptions {
  readonly database: DatabaseOptions;
  readonly source: TrainerInput["source"];
  readonly span: RunSpan;
  /** Rows read so far and a rough number of all of them. */
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/** Lags of the first day reach back a week. */
const lagDays = 7;
const rowsBetweenReports = 65_536;

/**
 * Reads all three tables in one transaction. Tables and columns that cannot be read are returned as problems before
 * any row is read; everything else that goes wrong is a RunFailure.
 */
export async function extract(
  options: ExtractOptions,
): Promise<{ readonly extracted: Extracted } | { readonly problems: readonly string[] }> {
  await using db = await openDatabase(options.database);
  return await withSnapshot(db, async () => {
    const { tables } = options.source;
    const found = {
      bikeCount: await readTable(db, tables.bikeCount),
      weather: await readTable(db, tables.weather),
      countersInfo: await readTable(db, tables.countersInfo),
    };
    const planned = planSource(options.source, found);
    return "problems" in planned ? planned : { extracted: await readAll(db, planned.plan, options) };
  });
}

async function readAll(db: Database, plan: SourcePlan, options: ExtractOptions): Promise<Extracted> {
  const { span, source, onProgress } = options;
  const { timeZone } = source;
  const from = span.since;
  const lagFrom = from === undefined ? undefined : plusDays(from, -lagDays);
  const [stations, weather, counts] = [new StationsReader(), new WeatherReader(), new CountsReader(from)];

  const copy = async (table: string, query: CopyQuery, onRow: (row: RowCursor) => void): Promise<void> => {
    await copyRows(db, { action: `read ${table}`, ...query, signal: options.database.signal }, onRow);
  };
  await copy(plan.countersInfo.table, stationsQuery(plan.countersInfo), stations.onRow);
  await copy(
    plan.weather.table,
    weatherQuery(plan.weather, { timeZone, from, until: span.until }),
    weather.onRow,
  );
  const expected = await estimatedRows(db, plan.bikeCount.table);
  const countsSpan: Span = { timeZone, from: lagFrom, until: span.until };
  await copy(plan.bikeCount.table, countsQuery(plan.bikeCount, countsSpan), (row) => {
    counts.onRow(row);
    if (row.number % rowsBetweenReports === 0) onProgress(row.number, Math.max(expected ?? 0, row.number));
  });
  return {
    counts,
    weather,
    stations: stations.byId,
    readings: {
      bikeCount: counts.readings,
      weather: weather.readings,
      countersInfo: stations.readings,
    },
    ordered: { bikeCount: plan.bikeCount.order !== undefined, weather: plan.weather.order !== undefined },
  };
}

/** What the planner believes about the table's size; undefined for views and tables that were never analysed. */
async function estimatedRows(db: Database, table: string): Promise<number | undefined> {
  const sql = "select reltuples::float8 as rows from pg_catalog.pg_class where oid = to_regclass($1)";
  const [row] = z
    .array(z.object({ rows: z.number() }))
    .parse(await db.query(`estimate the rows of ${table}`, sql, [quotedTable(table)]));
  return row === undefined || row.rows <= 0 ? undefined : row.rows;
}
