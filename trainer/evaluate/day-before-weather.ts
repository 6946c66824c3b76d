import type { Day } from "../days.ts";
import { FeatureSource, type RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { blockRows, predictBlocks, type Predictor } from "./predictions.ts";

/** Raw predictions as if the day before were the best that is known about a day's weather. */
export const predictWithDayBefore = (
  model: Uint8Array,
  table: TrainingTable,
  range: RowRange,
  predictor: Predictor,
): Promise<Float32Array> =>
  predictBlocks(
    model,
    new FeatureSource({ ...table, weather: dayBefore(table) }, range, blockRows),
    predictor,
  );

/** Whether the weather of the day before is known as well as that of a training row must be. */
export function knowsDayBefore(table: TrainingTable): (day: Day) => boolean {
  const known = new Set<number>();
  for (const [d, day] of table.days.entries()) if (table.usable[d] === 1) known.add(day + 1);
  return (day) => known.has(day);
}

/** The table's weather, moved on by one entry: a row has a count on the day before, so that is the entry before. */
function dayBefore({ weather }: TrainingTable): TrainingTable["weather"] {
  const moved = new Float32Array(new SharedArrayBuffer(weather.byteLength));
  moved.set(weather.subarray(0, -3), 3);
  return moved;
}
