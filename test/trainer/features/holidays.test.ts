import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { dayOf, dayText, plusDays, type Day } from "../../../trainer/days.ts";
import { RunFailure } from "../../../trainer/errors.ts";
import { holidayCalendar } from "../../../trainer/features/holidays.ts";
import { frenchHolidays } from "./french-holidays.ts";

const isHoliday = holidayCalendar("FR");

const holidaysOf = (year: number): string[] => {
  const [first, last] = [dayOf(`${String(year)}-01-01`), dayOf(`${String(year)}-12-31`)];
  const days = Array.from({ length: last - first + 1 }, (_, i) => plusDays(first, i));
  return days.filter((day: Day) => isHoliday(day)).map(dayText);
};

describe("holidayCalendar(FR)", () => {
  test("has the 11 holidays of 2024", () => {
    expect(holidaysOf(2024)).toEqual([
      "2024-01-01",
      "2024-04-01", // Easter Monday
      "2024-05-01",
      "2024-05-08",
      "2024-05-09", // Ascension
      "2024-05-20", // Whit Monday
      "2024-07-14",
      "2024-08-15",
      "2024-11-01",
      "2024-11-11",
      "2024-12-25",
    ]);
  });

  test("has the 11 holidays of 2026", () => {
    expect(holidaysOf(2026)).toEqual([
      "2026-01-01",
      "2026-04-06", // Easter Monday
      "2026-05-01",
      "2026-05-08",
      "2026-05-14", // Ascension
      "2026-05-25", // Whit Monday
      "2026-07-14",
      "2026-08-15",
      "2026-11-01",
      "2026-11-11",
      "2026-12-25",
    ]);
  });

  test.each([
    ["Good Friday, Alsace only", "2026-04-03"],
    ["St Stephen's Day, Alsace only", "2026-12-26"],
    ["Easter Sunday", "2026-04-05"],
    ["Whit Sunday", "2026-05-24"],
    ["the end of slavery, overseas only", "2026-05-22"],
    ["a Monday", "2026-11-23"],
  ])("%s is an ordinary day", (_what, day) => {
    expect(isHoliday(dayOf(day))).toBe(false);
  });

  test("follows Easter in any year", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1983, max: 2099 }), (year) => {
        expect(holidaysOf(year)).toEqual(frenchHolidays(year));
      }),
      { numRuns: 40 },
    );
  });

  test.each(["0001-01-01", "1899-12-25", "2201-01-01", "9999-12-25"])("knows nothing about %s", (day) => {
    expect(isHoliday(dayOf(day))).toBe(false);
  });
});

describe("holidayCalendar()", () => {
  test("is the country's own", () => {
    const german = holidayCalendar("DE");
    expect([german(dayOf("2026-10-03")), isHoliday(dayOf("2026-10-03"))]).toEqual([true, false]);
    expect([german(dayOf("2026-07-14")), isHoliday(dayOf("2026-07-14"))]).toEqual([false, true]);
  });

  test("refuses a country that there is not", () => {
    const refusal = () => holidayCalendar("XX");
    expect(refusal).toThrow(RunFailure);
    expect(refusal).toThrow("country XX: it is unknown; features.holidayCountry expects an ISO 3166 code");
  });
});
