import { createHash } from "node:crypto";

import { columnOf, type FeatureName } from "./names.ts";
import { allRows, FeatureSource } from "./source.ts";
import type { TrainingTable } from "./training-table.ts";

const hashed: readonly FeatureName[] = [
  "station_id",
  "lag_1",
  "lag_7",
  "avg_temp",
  "precipitation_mm",
  "vent_max",
  "latitude",
  "longitude",
];
/** Part of the definition: another batch size would give another hash of the same rows. */
const batchRows = 65_536;

/**
 * sha256 over the cleaned training table in contract order: the station ids, then in blocks of rows the days, the
 * float32 counts and the columns from which every other feature follows. Little-endian, as every supported CPU is.
 */
export function dataFingerprint(table: TrainingTable, ids: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(ids));
  const source = new FeatureSource(table, allRows(table), batchRows);
  for (let batch = source.next(); batch !== undefined; batch = source.next()) {
    hash.update(batch.days.subarray(0, batch.rows)).update(batch.labels.subarray(0, batch.rows));
    for (const name of hashed) {
      const start = columnOf(name) * batch.stride;
      hash.update(batch.values.subarray(start, start + batch.rows));
    }
  }
  return hash.digest("hex");
}
