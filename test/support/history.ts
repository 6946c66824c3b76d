import { setTimeout } from "node:timers/promises";

import type { Database } from "../../trainer/demo/copy.ts";
import { createTables } from "../../trainer/demo/tables.ts";

/** A small clean history; every station counts on every day, and no check of the data gate has anything to say. */
export interface HistoryPlan {
  readonly stations?: number;
  readonly days?: number;
  /** The newest day with counts and weather. */
  readonly lastDay?: string;
}

/** The night after `lastDay`, when a run of the schedule would read it. */
export const nightAfter = "2025-07-01T02:00:00+02:00";
const defaults = { stations: 8, days: 200, lastDay: "2025-06-30" };

const stations = `
  INSERT INTO counters_info
  SELECT 'station-' || lpad(s::text, 3, '0'), 'Counter ' || s, 3.85 + 0.004 * s, 43.60 + 0.003 * s
    FROM generate_series(1, $<stations>) s`;

const days = `generate_series($<lastDay>::timestamp - ($<days> - 1) * interval '1 day', $<lastDay>, '1 day') day`;

const weather = `
  INSERT INTO weather (date, avg_temp, precipitation_mm, vent_max)
  SELECT day, 14 - 9 * cos(2 * pi() * extract(doy FROM day) / 365), abs(hashint4(extract(doy FROM day)::int)) % 4,
         12 + abs(hashint4(1000 + extract(doy FROM day)::int)) % 17
    FROM ${days}`;

const counts = `
  INSERT INTO bike_count (date, station_id, intensity)
  SELECT day, 'station-' || lpad(s::text, 3, '0'),
         round((80 + 30 * s) * (1 + 0.4 * sin(2 * pi() * extract(doy FROM day) / 365))
               * CASE WHEN extract(isodow FROM day) > 5 THEN 0.6 ELSE 1 END)
         + abs(hashint4(400 * s + extract(doy FROM day)::int)) % 37
    FROM ${days}, generate_series(1, $<stations>) s
   ORDER BY day, s`;

/** Creates the three default tables and fills them, in a few milliseconds, with the same rows every time. */
export async function fillHistory(db: Database, plan: HistoryPlan = {}): Promise<void> {
  const values = { ...defaults, ...plan };
  await db.tx(async (tx) => {
    await createTables(tx, { nullableIntensity: true });
    for (const statement of [stations, weather, counts]) await tx.none(statement, values);
  });
}

/** Puts a view in the place of bike_count that takes `seconds` for every row. */
export async function slowDown(db: Database, seconds: number): Promise<void> {
  await db.none(`
    ALTER TABLE bike_count RENAME TO bike_count_rows;
    CREATE VIEW bike_count AS SELECT * FROM bike_count_rows WHERE pg_sleep(${String(seconds)})::text = ''`);
}

/** Process ids of the sessions that are sending rows of bike_count now; waits until there is one. */
export async function copying(db: Database): Promise<readonly number[]> {
  for (;;) {
    const sessions = await db.map(
      `SELECT pid FROM pg_stat_progress_copy JOIN pg_stat_activity USING (pid)
        WHERE query LIKE '%"bike_count"%' AND tuples_processed > 0 AND pg_stat_activity.datname = current_database()`,
      [],
      ({ pid }: { pid: number }) => pid,
    );
    if (sessions.length > 0) return sessions;
    await setTimeout(20);
  }
}

/** The trainers' sessions, once those that are ending have ended. */
export async function readers(db: Database): Promise<readonly string[]> {
  const names = (): Promise<string[]> =>
    db.map(
      "SELECT application_name AS name FROM pg_stat_activity WHERE application_name LIKE 'retrain-trainer%' AND datname = current_database()",
      [],
      ({ name }: { name: string }) => name,
    );
  for (let patience = 250; patience > 0 && (await names()).length > 0; patience--) await setTimeout(20);
  return await names();
}
