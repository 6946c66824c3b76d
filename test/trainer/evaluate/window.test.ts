import { describe, expect, test } from "@jest/globals";

import { dayOf, dayText, type Day } from "../../../trainer/days.ts";
import {
  dayOfRow,
  daysBefore,
  gateWindow,
  lastDays,
  lastDayWithRows,
  whyNotJudged,
  windowOf,
  type Window,
} from "../../../trainer/evaluate/window.ts";
import { rowsOf } from "../../../trainer/features/training-table.ts";
import { cleanedOf, constant, everyDay, mildDay, type CountRow } from "../../support/builders.ts";

/** Station a: rows from 8 June to 10 July. Station b: from 8 June to 20 June. The last five days of a have no weather. */
const rows: CountRow[] = [
  ...everyDay("a", "2026-06-01", constant(1, 45)),
  ...everyDay("b", "2026-06-01", constant(2, 20)),
];
const { table } = cleanedOf(rows, { weatherOf: (day) => (day > dayOf("2026-07-10") ? undefined : mildDay) });
const { table: empty } = cleanedOf(everyDay("a", "2026-06-01", constant(1, 7)));

const readable = (window: Window | undefined) =>
  window && { ...window, from: dayText(window.from), to: dayText(window.to) };

describe("lastDays()", () => {
  test.each([
    { days: 1, from: "2026-07-10", rows: 1, withRows: 1 },
    { days: 20, from: "2026-06-21", rows: 20, withRows: 20 },
    { days: 21, from: "2026-06-20", rows: 22, withRows: 21 },
    { days: 33, from: "2026-06-08", rows: 46, withRows: 33 },
    { days: 400, from: "2025-06-06", rows: 46, withRows: 33 },
  ])("$days days are whole days up to the last with a row", ({ days, from, rows: count, withRows }) => {
    expect(readable(lastDays(table, days))).toEqual({
      from,
      to: "2026-07-10",
      rows: { from: 46 - count, to: 46 },
      days: withRows,
    });
  });

  test("a table without rows has no window", () => {
    expect(lastDays(empty, 28)).toBeUndefined();
    expect(lastDayWithRows(empty)).toBeUndefined();
  });
});

describe("gateWindow()", () => {
  const after = (championThrough: Day | undefined) => gateWindow(table, { championThrough, windowDays: 28 });

  test.each([
    { through: "2026-06-19", from: "2026-06-20", rows: 22, days: 21 },
    { through: "2026-07-09", from: "2026-07-10", rows: 1, days: 1 },
    { through: "2026-07-10", from: "2026-07-11", rows: 0, days: 0 },
    { through: "2026-07-14", from: "2026-07-11", rows: 0, days: 0 },
    { through: "2025-01-01", from: "2025-01-02", rows: 46, days: 33 },
  ])("begins the day after a champion through $through: $rows rows", ({ through, from, ...counts }) => {
    expect(readable(after(dayOf(through)))).toEqual({
      from,
      to: "2026-07-10",
      rows: { from: 46 - counts.rows, to: 46 },
      days: counts.days,
    });
  });

  test("is the last days without a champion", () => {
    expect(after(undefined)).toEqual(lastDays(table, 28));
  });

  test("a table without rows has none", () => {
    const championThrough = dayOf("2026-06-05");
    expect(gateWindow(empty, { championThrough, windowDays: 28 })).toBeUndefined();
  });
});

describe("daysBefore() and windowOf()", () => {
  test("are calendar days that end the day before", () => {
    const window = { from: dayOf("2026-06-21") };
    expect(readable(daysBefore(table, window, 28))).toEqual({
      from: "2026-05-24",
      to: "2026-06-20",
      rows: { from: 0, to: 26 },
      days: 13,
    });
  });

  test.each([
    { from: "2026-06-10", to: "2026-06-12", rows: { from: 4, to: 10 }, days: 3 },
    { from: "2026-06-12", to: "2026-06-11", rows: { from: 8, to: 8 }, days: 0 },
    { from: "2026-06-14", to: "2026-06-09", rows: { from: 12, to: 12 }, days: 0 },
    { from: "2027-01-01", to: "2027-02-01", rows: { from: 46, to: 46 }, days: 0 },
    { from: "2020-01-01", to: "2020-02-01", rows: { from: 0, to: 0 }, days: 0 },
  ])("$from to $to has $days days with rows", ({ from, to, ...expected }) => {
    expect(windowOf(table, dayOf(from), dayOf(to))).toMatchObject(expected);
  });
});

describe("whyNotJudged()", () => {
  const limits = { minDays: 14, minWindowRows: 200 };

  test.each([
    { days: 14, rows: 200, why: undefined },
    {
      days: 13,
      rows: 5000,
      why: "the window has 5000 rows of known stations on 13 days, gate.minDays asks for 14 days",
    },
    {
      days: 28,
      rows: 199,
      why: "the window has 199 rows of known stations on 28 days, gate.minWindowRows asks for 200 rows",
    },
    {
      days: 0,
      rows: 0,
      why: "the window has 0 rows of known stations on 0 days, gate.minDays asks for 14 days",
    },
  ])("$rows rows of $days days", ({ why, ...window }) => {
    expect(whyNotJudged(window, limits)).toBe(why);
  });
});

describe("dayOfRow()", () => {
  test.each([
    { row: 0, day: "2026-06-08" },
    { row: 1, day: "2026-06-08" },
    { row: 2, day: "2026-06-09" },
    { row: 25, day: "2026-06-20" },
    { row: 26, day: "2026-06-21" },
    { row: 45, day: "2026-07-10" },
  ])("row $row is of $day", ({ row, day }) => {
    expect(rowsOf(table)).toBe(46);
    expect(dayText(dayOfRow(table, row))).toBe(day);
  });
});
