import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import {
  civil,
  dayOf,
  dayOfWeek,
  dayText,
  localDay,
  minusDuration,
  plusDays,
  type Day,
} from "../../trainer/days.ts";

const anyDay = fc.integer({ min: -719_162, max: 2_932_896 }).map((day) => day as Day); // year 1 to 9999

describe("dayOf() and dayText()", () => {
  test.each([
    ["1970-01-01", 0],
    ["1969-12-31", -1],
    ["2000-02-29", 11_016],
    ["2024-12-06", 20_063],
    ["0001-01-01", -719_162],
    ["9999-12-31", 2_932_896],
  ])("%s is day %d", (text, day) => {
    expect(dayOf(text)).toBe(day);
    expect(dayText(day as Day)).toBe(text);
  });

  test("every day's text is read back as that day", () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(dayOf(dayText(day))).toBe(day);
      }),
    );
  });

  test("the next day's date is a day later", () => {
    expect(dayText(plusDays(dayOf("2024-02-28"), 1))).toBe("2024-02-29");
    expect(dayText(plusDays(dayOf("2023-02-28"), 1))).toBe("2023-03-01");
    expect(civil(dayOf("2023-12-31"))).toEqual({ year: 2023, month: 12, dayOfMonth: 31 });
  });
});

describe("dayOfWeek()", () => {
  test.each([
    ["2026-11-23", 0],
    ["2026-11-24", 1],
    ["2026-11-29", 6],
    ["1970-01-01", 3],
    ["1969-12-29", 0],
    ["1969-12-28", 6],
  ])("of %s is %d", (text, weekday) => {
    expect(dayOfWeek(dayOf(text))).toBe(weekday);
  });

  test("repeats every seven days and is that of the JavaScript calendar", () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(dayOfWeek(plusDays(day, 7))).toBe(dayOfWeek(day));
        expect((dayOfWeek(day) + 1) % 7).toBe(new Date(day * 86_400_000).getUTCDay());
      }),
    );
  });
});

describe("localDay()", () => {
  test.each([
    ["2026-11-30T22:59:59Z", "Europe/Paris", "2026-11-30"],
    ["2026-11-30T23:00:00Z", "Europe/Paris", "2026-12-01"],
    ["2026-06-30T21:59:59Z", "Europe/Paris", "2026-06-30"],
    ["2026-06-30T22:00:00Z", "Europe/Paris", "2026-07-01"],
    ["2026-12-01T02:00:00Z", "America/Los_Angeles", "2026-11-30"],
    ["2026-11-30T10:00:00Z", "Pacific/Kiritimati", "2026-12-01"],
    ["2026-11-30T18:30:00Z", "Asia/Kolkata", "2026-12-01"],
  ])("%s is in %s on %s", (instant, timeZone, day) => {
    expect(dayText(localDay(new Date(instant), timeZone))).toBe(day);
  });
});

describe("minusDuration()", () => {
  test.each([
    ["2026-12-01", "P3Y", "2023-12-01"],
    ["2026-12-01", "P18M", "2025-06-01"],
    ["2026-12-01", "P1Y6M", "2025-06-01"],
    ["2026-03-31", "P1M", "2026-02-28"],
    ["2024-03-31", "P1M", "2024-02-29"],
    ["2024-02-29", "P1Y", "2023-02-28"],
    ["2026-01-15", "P1M", "2025-12-15"],
    ["2026-01-15", "P13M", "2024-12-15"],
    ["2026-12-01", "P4W", "2026-11-03"],
    ["2026-12-01", "P90D", "2026-09-02"],
    ["2026-12-01", "P1Y1M1W1D", "2025-10-24"],
    ["2026-12-01", "P0D", "2026-12-01"],
  ])("%s minus %s is %s", (day, duration, before) => {
    expect(dayText(minusDuration(dayOf(day), duration))).toBe(before);
  });
});
