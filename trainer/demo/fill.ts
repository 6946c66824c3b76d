import pgPromise from "pg-promise";
import { z } from "zod";

import { dayOf, dayText, plusDays } from "../days.ts";
import { generate } from "./generator.ts";
import { loadCsv } from "./load-csv.ts";
import type { DemoOptions } from "./options.ts";

/** The generated history ends on a fixed day, so that a seed means the same rows for ever. */
const lastGeneratedDay = "2026-10-31";
/** Two o'clock in winter, three in summer: the hour at which the schedule runs, of the same local day. */
const clockTime = "T02:00:00+01:00";

type Say = (sentence: string) => void;

/** Fills an empty database from the CSV files or the generator; returns the run's clock, the day after the newest count. */
export async function fillDatabase(url: string, options: DemoOptions, say: Say): Promise<string> {
  const db = pgPromise({ noWarnings: true })(url);
  try {
    const { data, stations, years, seed } = options;
    const loaded =
      data === undefined
        ? await generate({ stations, years, seed, endDay: lastGeneratedDay }, db)
        : await loadCsv(data, db, say);
    const from =
      data ?? `the generator (${some(stations, "station")}, ${some(years, "year")}, seed ${String(seed)})`;
    say(
      `Filled PostgreSQL from ${from}: ${String(loaded.bike_count)} counts, ${String(loaded.weather)} weather rows, ${String(loaded.counters_info)} stations`,
    );
    const newest = await newestDay(db);
    const asOf = `${dayText(plusDays(dayOf(newest), 1))}${clockTime}`;
    say(`The run's clock stands at ${asOf}, the day after the newest count (${newest})`);
    return asOf;
  } finally {
    await db.$pool.end();
  }
}

const some = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Without a usable date column the run is to say so itself: any clock will do for that. */
async function newestDay(db: pgPromise.IDatabase<unknown>): Promise<string> {
  const type = await typeOfDate(db);
  if (type === undefined || !(type.startsWith("timestamp") || type === "date")) return lastGeneratedDay;
  const local = type === "timestamp with time zone" ? "(date AT TIME ZONE 'Europe/Paris')" : "date";
  const row: unknown = await db.one(`SELECT to_char(max(${local}), 'YYYY-MM-DD') AS newest FROM bike_count`);
  return z.object({ newest: z.string().nullable() }).parse(row).newest ?? lastGeneratedDay;
}

async function typeOfDate(db: pgPromise.IDatabase<unknown>): Promise<string | undefined> {
  const row: unknown = await db.oneOrNone(
    "SELECT data_type FROM information_schema.columns WHERE table_name = 'bike_count' AND column_name = 'date'",
  );
  return z.object({ data_type: z.string() }).nullable().parse(row)?.data_type;
}
