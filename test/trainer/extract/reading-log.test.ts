import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { forEachCell } from "../../../trainer/clean/cells.ts";
import { dayOf, dayText } from "../../../trainer/days.ts";
import { readingLog } from "../../support/builders.ts";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("ReadingLog", () => {
  test("keeps what was pushed, by position", () => {
    const log = readingLog([
      { day: "2026-06-02", station: 3, hour: 5, value: 0.5 },
      { day: "2026-06-01", station: 0, value: 7 },
      { day: "2026-06-02", station: 1, value: 9 },
    ]);
    expect(log.length).toBe(3);
    expect(log.days.map(dayText)).toEqual(["2026-06-02", "2026-06-01"]);
    expect([0, 1, 2].map((position) => log.dayCode(position))).toEqual([0, 1, 0]);
    expect([0, 1, 2].map((position) => log.station(position))).toEqual([3, 0, 1]);
    expect([0, 1, 2].map((position) => log.value(position))).toEqual([0.5, 7, 9]);
    expect(log.time(0)).toBe((dayOf("2026-06-02") * 24 + 5) * 3_600_000_000);
  });

  test("compares order keys as 64-bit integers", () => {
    fc.assert(
      fc.property(int64, fc.oneof(int64, fc.constantFrom(-1n, 0n, 1n)), fc.boolean(), (a, other, near) => {
        const b = near ? BigInt.asIntN(64, a + other) : other;
        const log = readingLog([
          { day: "2026-06-01", order: a },
          { day: "2026-06-01", order: b },
        ]);
        expect(Math.sign(log.compareOrder(0, 1))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(Math.sign(log.compareOrder(1, 0))).toBe(a < b ? 1 : a > b ? -1 : 0);
      }),
    );
  });

  test("holds more readings than one chunk", () => {
    const rows = 2 ** 18 + 2;
    const log = readingLog(
      Array.from({ length: rows }, (_, i) => ({ day: "2026-06-01", value: i, station: i % 7 })),
    );
    expect(log.length).toBe(rows);
    expect([2 ** 18 - 1, 2 ** 18, 2 ** 18 + 1].map((position) => log.value(position))).toEqual([
      2 ** 18 - 1,
      2 ** 18,
      2 ** 18 + 1,
    ]);
    expect(log.compareOrder(2 ** 18, 2 ** 18 - 1)).toBeGreaterThan(0);
  });

  test("refuses a position that it does not have", () => {
    expect(() => readingLog([]).value(0)).toThrow("No reading at position 0");
  });

  test("is empty after its memory was given back", () => {
    const log = readingLog([{ day: "2026-06-01" }]);
    log.release();
    expect(log.length).toBe(0);
    expect(() => log.value(0)).toThrow(RangeError);
  });

  test("a few dates far apart are a few days", () => {
    const log = readingLog([{ day: "0001-01-01" }, { day: "9999-12-31" }, { day: "0001-01-01" }]);
    expect(log.days).toHaveLength(2);
  });
});

describe("forEachCell()", () => {
  test("visits days and stations in order, readings by time, then order key, then arrival", () => {
    const log = readingLog([
      { day: "2026-06-02", station: 1 },
      { day: "2026-06-01", station: 2, hour: 9 },
      { day: "2026-06-01", station: 2, hour: 3, order: 8n },
      { day: "2026-06-01", station: 2, hour: 3, order: 7n },
      { day: "2026-06-01", station: 2, hour: 3, order: 8n },
      { day: "2026-06-01", station: 0 },
    ]);
    const cells: string[] = [];
    forEachCell(log, 3, ({ day, station, positions }) => {
      cells.push(`${dayText(day)} ${String(station)}: ${positions.join(" ")}`);
    });
    expect(cells).toEqual(["2026-06-01 0: 5", "2026-06-01 2: 3 2 4 1", "2026-06-02 1: 0"]);
  });

  test("refuses a station beyond the number it was told", () => {
    const log = readingLog([{ day: "2026-06-01", station: 3 }]);
    expect(() => {
      forEachCell(log, 3, () => undefined);
    }).toThrow("No station has the code 3");
  });
});
