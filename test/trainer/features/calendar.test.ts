import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { dayOf, type Day } from "../../../trainer/days.ts";
import { calendarFeatures } from "../../../trainer/features/calendar.ts";

const table: readonly [day: string, ...features: number[]][] = [
  ["2026-01-01", 3, 1, 1, 2026, 0],
  ["2026-11-23", 0, 327, 11, 2026, 0],
  ["2026-11-27", 4, 331, 11, 2026, 0],
  ["2026-11-28", 5, 332, 11, 2026, 1],
  ["2026-11-29", 6, 333, 11, 2026, 1],
  ["2026-12-31", 3, 365, 12, 2026, 0],
  ["2024-02-29", 3, 60, 2, 2024, 0],
  ["2024-03-01", 4, 61, 3, 2024, 0],
  ["2023-03-01", 2, 60, 3, 2023, 0],
  ["2024-12-31", 1, 366, 12, 2024, 0],
  ["1900-12-31", 0, 365, 12, 1900, 0],
  ["2000-12-31", 6, 366, 12, 2000, 1],
  ["0001-01-01", 0, 1, 1, 1, 0],
  ["9999-12-31", 4, 365, 12, 9999, 0],
];

describe("calendarFeatures()", () => {
  test.each(table)("%s: weekday, day of the year, month, year, weekend", (text, ...features) => {
    const { day_of_week, day_of_year, month, year, is_weekend } = calendarFeatures(dayOf(text));
    expect([day_of_week, day_of_year, month, year, is_weekend]).toEqual(features);
  });

  test.each([
    ["Monday", "2026-11-23", 0, 1],
    ["Tuesday", "2026-11-24", Math.sin((2 * Math.PI) / 7), Math.cos((2 * Math.PI) / 7)],
    ["Sunday", "2026-11-29", -Math.sin((2 * Math.PI) / 7), Math.cos((2 * Math.PI) / 7)],
  ])("the week's circle on %s", (_name, text, sine, cosine) => {
    const { day_of_week_sin, day_of_week_cos } = calendarFeatures(dayOf(text));
    expect(day_of_week_sin).toBeCloseTo(sine, 12);
    expect(day_of_week_cos).toBeCloseTo(cosine, 12);
  });

  test.each([
    ["January", "2026-01-31", 0, 1],
    ["February", "2026-02-01", 0.5, Math.sqrt(3) / 2],
    ["April", "2026-04-01", 1, 0],
    ["July", "2026-07-14", 0, -1],
    ["October", "2026-10-25", -1, 0],
    ["December", "2026-12-01", -0.5, Math.sqrt(3) / 2],
  ])("the year's circle in %s", (_name, text, sine, cosine) => {
    const { month_sin, month_cos } = calendarFeatures(dayOf(text));
    expect(month_sin).toBeCloseTo(sine, 12);
    expect(month_cos).toBeCloseTo(cosine, 12);
  });

  test("agrees with the JavaScript calendar on every day of ten thousand years", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (day) => {
        const date = new Date(day * 86_400_000);
        const { day_of_week, day_of_year, month, year } = calendarFeatures(day as Day);
        expect({ day_of_week, month, year }).toEqual({
          day_of_week: (date.getUTCDay() + 6) % 7,
          month: date.getUTCMonth() + 1,
          year: date.getUTCFullYear(),
        });
        const newYear = new Date(date).setUTCMonth(0, 1);
        expect(day_of_year).toBe((date.getTime() - newYear) / 86_400_000 + 1);
      }),
    );
  });
});
