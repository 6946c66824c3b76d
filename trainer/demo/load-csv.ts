import { join } from "node:path";

import { withConnection, type Database } from "./copy.ts";
import { shapes } from "./csv/columns.ts";
import { csvFile } from "./csv/file.ts";
import { loadFile } from "./csv/load-file.ts";
import type { Loaded } from "./generator.ts";

/**
 * Creates the three tables from `bike_count.csv`, `weather.csv` and `counters_info.csv` in `dir`, all or nothing.
 * A table has the known columns of its file, with the types that the values allow: what does not fit the
 * default schema is for the trainer's checks to report, so that a file is judged as a table of production would be.
 * A file without rows gives the default table.
 *
 * @throws RunFailure BadConfiguration for a missing file, UnreadableValue for one that is not CSV, with its line
 */
export async function loadCsv(
  dir: string,
  db: Database,
  say: (sentence: string) => void = () => undefined,
): Promise<Loaded> {
  return withConnection(db, async (on) => {
    const loaded = await on.tx(async (tx) => {
      // A day such as 05/12/2024 must be refused, not guessed.
      await tx.none("SET LOCAL datestyle = 'ISO, YMD'");
      const rows = { counters_info: 0, weather: 0, bike_count: 0 };
      for (const shape of shapes) {
        const file = await csvFile(join(dir, `${shape.table}.csv`));
        rows[shape.table] = await loadFile(shape, file, { on, tx, say });
      }
      return rows;
    });
    await on.none("ANALYZE counters_info, weather, bike_count");
    return loaded;
  });
}
