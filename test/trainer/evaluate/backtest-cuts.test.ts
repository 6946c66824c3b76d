import { describe, expect, test } from "@jest/globals";

import { dayOf, dayText, plusDays, type Day } from "../../../trainer/days.ts";
import { backtestCuts, type Cuts } from "../../../trainer/evaluate/backtest-cuts.ts";
import { lastDays, windowOf } from "../../../trainer/evaluate/window.ts";
import type { TrainingTable } from "../../../trainer/features/training-table.ts";
import { cleanedOf, constant, everyDay, mildDay } from "../../support/builders.ts";

const first = dayOf("2025-01-01");
const daysWithLags = 7;

/** One station with `days` days that have a row, the first of them 2025-01-08, without those that are `dark`. */
const history = (days: number, isDark: (day: Day) => boolean = () => false): TrainingTable =>
  cleanedOf(everyDay("a", dayText(first), constant(100, days + daysWithLags)), {
    weatherOf: (day) => (isDark(day) ? undefined : mildDay),
  }).table;

interface Limits {
  readonly backtestWindows?: number;
  readonly minRows?: number;
}

const cutsOf = (table: TrainingTable, window = lastDays(table, 28), limits: Limits = {}): Cuts =>
  backtestCuts(table, window, {
    gate: { backtestWindows: limits.backtestWindows ?? 3, minDays: 14 },
    checks: { minRows: limits.minRows ?? 100 },
  });
const texts = ({ windows }: Cuts): string[] =>
  windows.map(
    ({ from, to, rows }) => `${dayText(from)}..${dayText(to)} ${String(rows.from)}-${String(rows.to)}`,
  );

/** Enough for the gate window, three windows, and 180 days before the oldest. */
const enough = 180 + 4 * 28;

describe("backtestCuts()", () => {
  test("cuts windows of 28 whole days before the gate window, the newest first, all rows before each", () => {
    // The last day is 2025-10-26, the gate window begins on 2025-09-29.
    expect(texts(cutsOf(history(enough)))).toEqual([
      "2025-09-01..2025-09-28 236-264",
      "2025-08-04..2025-08-31 208-236",
      "2025-07-07..2025-08-03 180-208",
    ]);
  });

  test.each([0, 1, 5])("cuts as many as asked for: %i", (backtestWindows) => {
    expect(cutsOf(history(enough + 100), undefined, { backtestWindows }).windows).toHaveLength(
      backtestWindows,
    );
  });

  test("a window needs 180 days before it, or it is left out and said", () => {
    const { windows, skipped } = cutsOf(history(enough - 1));
    expect(windows).toHaveLength(2);
    expect(skipped).toEqual([
      "The backtest leaves out 2025-07-06 to 2025-08-02: rows of 179 days lie before it, 180 days are needed",
    ]);
  });

  test("a window needs checks.minRows rows before it", () => {
    const { windows, skipped } = cutsOf(history(enough), undefined, { minRows: 208 });
    expect(windows).toHaveLength(2);
    expect(skipped).toEqual([
      "The backtest leaves out 2025-07-07 to 2025-08-03: 180 rows of 180 days lie before it, checks.minRows asks for 208",
    ]);
  });
});

describe("the newest window of the backtest", () => {
  test.each([
    { when: "there is no gate window", window: () => undefined },
    {
      when: "the gate window is empty",
      window: (table: TrainingTable) => windowOf(table, dayOf("2025-11-03"), dayOf("2025-11-02")),
    },
  ])("ends on the last day with a row when $when", ({ window }) => {
    const table = history(enough);
    const [newest] = backtestCuts(table, window(table), {
      gate: { backtestWindows: 1, minDays: 14 },
      checks: { minRows: 1 },
    }).windows;
    expect(newest && [dayText(newest.from), dayText(newest.to), newest.rows.to]).toEqual([
      "2025-09-29",
      "2025-10-26",
      enough,
    ]);
  });
});

describe("a history", () => {
  test("has days of the calendar: an outage makes windows emptier, not longer", () => {
    const outage = (days: number) => (day: Day) =>
      day >= dayOf("2025-09-10") && day < plusDays(dayOf("2025-09-10"), days);
    const short = cutsOf(history(enough, outage(14)), undefined, { backtestWindows: 1 });
    expect(short.windows).toEqual([
      { from: dayOf("2025-09-01"), to: dayOf("2025-09-28"), days: 14, rows: { from: 236, to: 250 } },
    ]);
    const long = cutsOf(history(enough, outage(15)), undefined, { backtestWindows: 2 });
    expect(texts(long)).toEqual(["2025-08-04..2025-08-31 208-236"]);
    expect(long.skipped).toEqual([
      "The backtest leaves out 2025-09-01 to 2025-09-28: it has rows of 13 days, gate.minDays asks for 14",
    ]);
  });

  test("does not count days without a row", () => {
    const outage = (day: Day): boolean => day >= dayOf("2025-03-01") && day < dayOf("2025-03-02");
    expect(cutsOf(history(enough, outage)).skipped).toHaveLength(1);
    expect(cutsOf(history(enough + 1, outage)).skipped).toEqual([]);
  });

  test("that is short has no window, and says so of each that was asked for", () => {
    const { windows, skipped } = cutsOf(history(100));
    expect(windows).toEqual([]);
    expect(skipped.map((sentence) => /rows of (\d+) days/.exec(sentence)?.[1])).toEqual(["44", "16", "0"]);
  });

  test("without rows has nothing to cut", () => {
    const { table } = cleanedOf(everyDay("a", "2025-01-01", constant(1, 7)));
    expect(cutsOf(table)).toEqual({ windows: [], skipped: [] });
  });
});
