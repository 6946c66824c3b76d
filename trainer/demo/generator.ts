import { copyInto, withConnection, type Connection, type Database } from "./copy.ts";
import type { HistoryPlan } from "./generator/history.ts";
import { countLines, stationLines, targets, weatherLines } from "./generator/lines.ts";
import { addForeignKey, createTables } from "./tables.ts";

/** Rows written. */
export interface Loaded {
  readonly counters_info: number;
  readonly weather: number;
  readonly bike_count: number;
}

/** Gets the share of the days that have been written, 0..1. */
export type OnProgress = (share: number) => void;

/**
 * Creates the three tables and fills them with a synthetic history (design: docs/adr/0004-generator.md), all or nothing.
 * Ids ascend with time. Memory does not grow with the number of years.
 */
export async function generate(
  plan: HistoryPlan,
  db: Database,
  onProgress: OnProgress = () => undefined,
): Promise<Loaded> {
  return withConnection(db, async (on) => {
    const loaded = await on.tx(async (tx) => {
      await createTables(tx, { nullableIntensity: true });
      const rows = await copyAll(plan, on, onProgress);
      await addForeignKey(tx);
      return rows;
    });
    await on.none("ANALYZE counters_info, weather, bike_count");
    return loaded;
  });
}

async function copyAll(plan: HistoryPlan, on: Connection, onProgress: OnProgress): Promise<Loaded> {
  const copy = (target: string, lines: Iterable<string>): Promise<number> =>
    copyInto(on, `COPY ${target} FROM STDIN`, lines);
  return {
    counters_info: await copy(targets.counters_info, stationLines(plan)),
    weather: await copy(targets.weather, weatherLines(plan)),
    bike_count: await copy(targets.bike_count, countLines(plan, onProgress)),
  };
}
