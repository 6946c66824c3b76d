import type { Gate } from "../../contract/spec/gates.ts";
import { plusDays, type Day } from "../days.ts";
import type { RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";

/** A span of whole days and the training rows in it. */
export interface Window {
  readonly from: Day;
  /** Inclusive; before `from` where the window is empty. */
  readonly to: Day;
  readonly rows: RowRange;
  /** Days that have a training row. */
  readonly days: number;
}

/**
 * The days that candidate and champion are compared on: those after the champion's last one up to the last day
 * with a training row, which may be none; without a champion the last `windowDays` days. Undefined without any row.
 */
export function gateWindow(
  table: TrainingTable,
  { championThrough, windowDays }: { championThrough: Day | undefined; windowDays: number },
): Window | undefined {
  if (championThrough === undefined) return lastDays(table, windowDays);
  const last = lastDayWithRows(table);
  if (last === undefined) return undefined;
  return windowOf(table, plusDays(Math.min(championThrough, last) as Day, 1), last);
}

/** The last `days` calendar days up to the last day with a training row; undefined without any row. */
export function lastDays(table: TrainingTable, days: number): Window | undefined {
  const last = lastDayWithRows(table);
  return last === undefined ? undefined : windowOf(table, plusDays(last, 1 - days), last);
}

/** The `days` calendar days before a window, of which none may have a row. */
export const daysBefore = (table: TrainingTable, { from }: Pick<Window, "from">, days: number): Window =>
  windowOf(table, plusDays(from, -days), plusDays(from, -1));

/** The days `from` to `to`, both inclusive. */
export function windowOf(table: TrainingTable, from: Day, to: Day): Window {
  const [first, end] = [indexOfDay(table, from), indexOfDay(table, plusDays(to, 1))];
  const { rowsBefore } = table;
  let days = 0;
  for (let d = first; d < end; d++) if ((rowsBefore[d + 1] ?? 0) > (rowsBefore[d] ?? 0)) days++;
  const start = rowsBefore[first] ?? 0;
  return { from, to, rows: { from: start, to: Math.max(start, rowsBefore[end] ?? 0) }, days };
}

/** The sentence why a window with so many judged rows, on so many days, cannot decide; undefined when it can. */
export function whyNotJudged(
  { days, rows }: { readonly days: number; readonly rows: number },
  { minDays, minWindowRows }: Pick<Gate, "minDays" | "minWindowRows">,
): string | undefined {
  const found = `the window has ${String(rows)} rows of known stations on ${String(days)} days`;
  if (days < minDays) return `${found}, gate.minDays asks for ${String(minDays)} days`;
  if (rows < minWindowRows) return `${found}, gate.minWindowRows asks for ${String(minWindowRows)} rows`;
  return undefined;
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

/** Rows of a table, for people and reports. */
export const rowsIn = ({ rows }: Pick<Window, "rows">): number => rows.to - rows.from;

/** Index of the first day that is not before `day`. */
export function indexOfDay(table: Pick<TrainingTable, "days">, day: Day): number {
  const index = table.days.findIndex((candidate) => candidate >= day);
  return index === -1 ? table.days.length : index;
}
