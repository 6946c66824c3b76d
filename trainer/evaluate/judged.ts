import type { Station } from "../clean/clean.ts";
import { forEachRow } from "../features/lags.ts";
import type { RowRange } from "../features/source.ts";
import type { TrainingTable } from "../features/training-table.ts";
import type { Window } from "./window.ts";

/** A table and its stations; a station's index is its `station_id` in this run. */
export interface StationTable {
  readonly table: TrainingTable;
  readonly stations: readonly Station[];
}

/** Whether a station, by its index in the table, is judged; a model has no forecast for one that it has no number for. */
export type IsJudged = (station: number) => boolean;

/** The stations that have a row before row `to`: a model trained on these rows has a number for them. */
export function trainedBefore(table: TrainingTable, to: number): IsJudged {
  const seen = new Uint8Array(table.coordinates.length / 2);
  forEachRowIn(table, { from: 0, to }, (_d, station) => {
    seen[station] = 1;
  });
  return (station) => seen[station] === 1;
}

/** Rows of the judged stations in a window, and the days that have one. */
export function judgedRows(
  table: TrainingTable,
  { rows }: Pick<Window, "rows">,
  isJudged: IsJudged,
): { rows: number; days: number } {
  const days = new Set<number>();
  let judged = 0;
  forEachRowIn(table, rows, (d, station) => {
    if (!isJudged(station)) return;
    judged++;
    days.add(d);
  });
  return { rows: judged, days: days.size };
}

/** Calls `visit` with day index and station of every row of a range of whole days. */
function forEachRowIn(
  table: TrainingTable,
  { from, to }: RowRange,
  visit: (d: number, station: number) => void,
): void {
  const { rowsBefore, usable, station } = table;
  const isInside = (d: number): boolean =>
    (rowsBefore[d] ?? 0) >= from && (rowsBefore[d + 1] ?? Infinity) <= to;
  forEachRow(
    table,
    { stations: table.coordinates.length / 2, isUsable: (d) => usable[d] === 1 && isInside(d) },
    (d, entry) => {
      visit(d, station[entry] ?? 0);
    },
  );
}
