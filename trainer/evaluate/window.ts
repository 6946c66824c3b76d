import { plusDays, type Day } from "../days.ts";
import type { RowRange } from "../features/source.ts";
import { rowsOf, type TrainingTable } from "../features/training-table.ts";

/** The newest days of the table, whole days only. */
export interface Window {
  readonly from: Day;
  readonly to: Day;
  readonly rows: RowRange;
}

/** Index of the first day that is not before `day`. */
const indexOfDay = (table: TrainingTable, day: Day): number => {
  const index = table.days.findIndex((candidate) => candidate >= day);
  return index === -1 ? table.days.length : index;
};

/** The last `days` calendar days up to the last day with a training row; undefined without any row. */
export function lastDays(table: TrainingTable, days: number): Window | undefined {
  const last = lastDayWithRows(table);
  if (last === undefined) return undefined;
  const from = plusDays(last, 1 - days);
  return {
    from,
    to: last,
    rows: { from: table.rowsBefore[indexOfDay(table, from)] ?? 0, to: rowsOf(table) },
  };
}

export function lastDayWithRows(table: TrainingTable): Day | undefined {
  for (let d = table.days.length - 1; d >= 0; d--) {
    if ((table.rowsBefore[d + 1] ?? 0) > (table.rowsBefore[d] ?? 0)) return table.days[d] as Day;
  }
  return undefined;
}

/** The day of a row. */
export function dayOfRow(table: TrainingTable, row: number): Day {
  const after = table.rowsBefore.findIndex((before) => before > row);
  return table.days[after - 1] as Day;
}
