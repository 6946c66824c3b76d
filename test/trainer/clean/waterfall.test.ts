import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { clean } from "../../../trainer/clean/clean.ts";
import { settle } from "../../../trainer/clean/settle.ts";
import { dayOf, dayText, plusDays, type Day } from "../../../trainer/days.ts";
import { rowsOf } from "../../../trainer/features/training-table.ts";
import { mildDay, readingLog, type ReadingRow } from "../../support/builders.ts";

const first = dayOf("2026-03-20");
const ids = ["c", "a", "b"];
const textOf = (offset: number): string => dayText(plusDays(first, offset));

/** Readings of three stations over three weeks: gaps, repeated days, repeated hours, partial days. */
const readings: fc.Arbitrary<ReadingRow[]> = fc
  .array(
    fc.record({
      day: fc.integer({ min: 0, max: 20 }).map(textOf),
      station: fc.integer({ min: 0, max: 2 }),
      hours: fc.constantFrom(1, 1, 1, 2, 19, 20, 24),
      value: fc.integer({ min: 0, max: 50 }),
      order: fc.bigInt({ min: 0n, max: 3n }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((days) =>
    days.flatMap(({ hours, ...row }) => Array.from({ length: hours }, (_, hour) => ({ ...row, hour }))),
  );

const options = fc.record({
  granularity: fc.constantFrom("auto" as const, "daily" as const, "hourly" as const),
  since: fc.option(
    fc.integer({ min: 0, max: 20 }).map((offset) => plusDays(first, offset)),
    { nil: undefined },
  ),
  blacklist: fc.subarray(ids),
  weatherless: fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }),
  excluded: fc.integer({ min: 0, max: 20 }),
});

test("the waterfall adds up: what is not dropped is a training row", () => {
  fc.assert(
    fc.property(readings, options, (rows, { granularity, since, blacklist, weatherless, excluded }) => {
      const settled = settle(readingLog(rows), { stations: ids.length, granularity, ordered: true, since });
      const noWeather = new Set<number>(weatherless.map((offset) => plusDays(first, offset)));
      const { dropped, table } = clean({
        counts: settled.counts,
        ids,
        stationInfo: new Map(),
        weatherOf: (day: Day) => (noWeather.has(day) ? undefined : mildDay),
        isHoliday: () => false,
        since,
        blacklist,
        exclude: [{ from: textOf(excluded), to: textOf(excluded + 2), why: "works" }],
        allowPartialWeather: false,
      });
      const readBySpan = rows.filter(({ day }) => since === undefined || dayOf(day) >= since).length;
      const { blacklisted, excluded: takenOut, no_weather, no_lag, training_rows } = dropped;
      const afterDuplicates = readBySpan - settled.duplicate - settled.partialDay - settled.summed;
      expect(afterDuplicates - blacklisted - takenOut - no_weather - no_lag).toBe(training_rows);
      expect(training_rows).toBe(rowsOf(table));
      expect(Math.min(...Object.values(dropped))).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 80 },
  );
});
