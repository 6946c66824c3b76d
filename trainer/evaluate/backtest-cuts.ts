import type { Checks, Gate } from "../../contract/spec/gates.ts";
import { dayText, plusDays, type Day } from "../days.ts";
import type { TrainingTable } from "../features/training-table.ts";
import { lastDayWithRows, rowsIn, windowOf, type Window } from "./window.ts";

/** Four whole weeks, so that every weekday counts alike. */
const windowDays = 28;
/** Less has seen too little of a year. */
const daysBefore = 180;

/** What a backtest asks of its windows. */
export interface CutLimits {
  readonly gate: Pick<Gate, "backtestWindows" | "minDays">;
  readonly checks: Pick<Checks, "minRows">;
}

export interface Cuts {
  /** The newest first; a model for one trains on all rows before it. */
  readonly windows: readonly Window[];
  /** One sentence for each window that was left out. */
  readonly skipped: readonly string[];
}

/**
 * Windows of 28 calendar days, one before the other, the newest of which ends the day before the gate window, or on
 * the last day with a row where the gate window has none.
 */
export function backtestCuts(
  table: TrainingTable,
  gateWindow: Window | undefined,
  { gate, checks }: CutLimits,
): Cuts {
  const end =
    gateWindow === undefined || rowsIn(gateWindow) === 0
      ? lastDayWithRows(table)
      : plusDays(gateWindow.from, -1);
  if (end === undefined) return { windows: [], skipped: [] };
  const asked = Array.from({ length: gate.backtestWindows }, (_, back) => {
    const to = plusDays(end, -back * windowDays);
    const window = windowOf(table, plusDays(to, 1 - windowDays), to);
    return { window, problem: problemOf(window, table, { gate, checks }) };
  });
  return {
    windows: asked.flatMap(({ window, problem }) => (problem === undefined ? [window] : [])),
    skipped: asked.flatMap(({ window, problem }) =>
      problem === undefined ? [] : [leftOut(window, problem)],
    ),
  };
}

function problemOf(window: Window, table: TrainingTable, { gate, checks }: CutLimits): string | undefined {
  const first = (table.days[0] ?? window.from) as Day;
  const before = windowOf(table, first, plusDays(window.from, -1));
  const lie = `of ${String(before.days)} days lie before it`;
  if (before.days < daysBefore) return `rows ${lie}, ${String(daysBefore)} days are needed`;
  if (rowsIn(before) < checks.minRows) {
    return `${String(rowsIn(before))} rows ${lie}, checks.minRows asks for ${String(checks.minRows)}`;
  }
  return window.days < gate.minDays
    ? `it has rows of ${String(window.days)} days, gate.minDays asks for ${String(gate.minDays)}`
    : undefined;
}

/** What the report says of a window that was not tested. */
export const leftOut = ({ from, to }: Pick<Window, "from" | "to">, why: string): string =>
  `The backtest leaves out ${dayText(from)} to ${dayText(to)}: ${why}`;
