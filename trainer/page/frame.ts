import type { DataFrame } from "danfojs-node";
import { z } from "zod";

const Cell = z.union([z.string(), z.number(), z.null()]);
export type Cell = z.infer<typeof Cell>;
export type Row = Readonly<Record<string, Cell>>;

const Cells = z.array(z.array(Cell));

/** At least one row, and the same fields in each. Loads danfojs, which takes most of a second and 130 MB. */
export async function frameOf(rows: readonly Row[]): Promise<DataFrame> {
  const { DataFrame } = await import("danfojs-node");
  const columns = Object.keys(rows[0] ?? {});
  return new DataFrame(
    rows.map((row) => columns.map((column) => row[column] ?? null)),
    { columns },
  );
}

/** The rows of a frame, in its order. */
export function rowsOf(frame: DataFrame): Row[] {
  const { columns } = frame;
  return Cells.parse(frame.values).map((cells) =>
    Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? null])),
  );
}

/** Sorted by a column of numbers, the highest first unless told otherwise; equal ones keep their order. */
export const sorted = (frame: DataFrame, by: string, lowestFirst = false): DataFrame =>
  frame.sortValues(by, { ascending: lowestFirst });

/** The first so many rows: the whole frame when it has no more. */
export const first = (frame: DataFrame, rows: number): DataFrame =>
  frame.index.length <= rows ? frame : frame.head(rows);

/** One more column: each row's percentage of the column's sum; 0 where that is 0. */
export function withShare(frame: DataFrame, of: string, name: string): DataFrame {
  const sum = frame.column(of).sum();
  return frame.addColumn(name, frame.column(of).mul(sum === 0 ? 0 : 100 / sum));
}

/** One more column: the sum of a column down to each row. */
export const withRunningSum = (frame: DataFrame, of: string, name: string): DataFrame =>
  frame.addColumn(name, frame.column(of).cumSum());
