import { describe, expect, test } from "@jest/globals";

import { cleanWeather, type DayWeather } from "../../../trainer/clean/clean-weather.ts";
import { dayOf } from "../../../trainer/days.ts";
import { weatherLog, type WeatherRow } from "../../support/builders.ts";

const day = "2026-06-01";
const next = "2026-06-02";

const cleaned = (rows: readonly WeatherRow[], options: Partial<Parameters<typeof cleanWeather>[1]> = {}) =>
  cleanWeather(weatherLog(rows), { granularity: "daily", ordered: true, ...options });

const onDay = (rows: readonly WeatherRow[], options = {}, text = day): DayWeather | undefined =>
  cleaned(rows, options).byDay.get(dayOf(text));

const known = { avgTemp: 15, precipitation: 2, wind: 20 };
const hourlyRows = (
  count: number,
  rowOf: (hour: number) => Partial<WeatherRow> = () => known,
): WeatherRow[] => Array.from({ length: count }, (_, hour) => ({ day, hour, ...rowOf(hour) }));
const hourly = { granularity: "hourly" } as const;

describe("cleanWeather() of daily rows", () => {
  test("a day without a row is not there", () => {
    expect(onDay([{ day, ...known }])).toEqual(known);
    expect(onDay([{ day, ...known }], {}, next)).toBeUndefined();
  });

  test("the later row of a day replaces the forecast, whole and whichever arrives first", () => {
    const forecast = { day, hour: 0, order: 1n, avgTemp: 11, precipitation: 1, wind: 11 };
    const archive = { day, hour: 12, order: 2n, avgTemp: 12, precipitation: 3 };
    const expected = { avgTemp: 12, precipitation: 3, wind: NaN };
    expect(onDay([forecast, archive])).toEqual(expected);
    expect(onDay([archive, forecast])).toEqual(expected);
  });

  test.each<{ when: string; row: Partial<WeatherRow>; avgTemp: number }>([
    {
      when: "the mean stands, whatever the extremes",
      row: { avgTemp: 9, maxTemp: 20, minTemp: 10 },
      avgTemp: 9,
    },
    { when: "without a mean it is (max + min) / 2", row: { maxTemp: 20, minTemp: 11 }, avgTemp: 15.5 },
    { when: "negative extremes", row: { maxTemp: -1, minTemp: -4 }, avgTemp: -2.5 },
    { when: "without a minimum it is unknown", row: { maxTemp: 20, wind: 1 }, avgTemp: NaN },
    { when: "without a maximum it is unknown", row: { minTemp: 20, wind: 1 }, avgTemp: NaN },
    { when: "a mean of 0 is a mean", row: { avgTemp: 0, maxTemp: 20, minTemp: 10 }, avgTemp: 0 },
  ])("$when", ({ row, avgTemp }) => {
    expect(onDay([{ day, ...row }])?.avgTemp).toBe(avgTemp);
  });

  test("no precipitation and no wind are values", () => {
    expect(onDay([{ day, avgTemp: 1, precipitation: 0, wind: 0 }])).toEqual({
      avgTemp: 1,
      precipitation: 0,
      wind: 0,
    });
  });

  test("infinite values are unknown", () => {
    expect(onDay([{ day, avgTemp: Infinity, precipitation: 1, wind: -Infinity }])).toEqual({
      avgTemp: NaN,
      precipitation: 1,
      wind: NaN,
    });
  });
});

describe("cleanWeather() of hourly rows", () => {
  test("takes mean temperature, sum of precipitation and strongest wind", () => {
    const rows = hourlyRows(24, (hour) => ({ avgTemp: hour, precipitation: 0.5, wind: hour === 7 ? 44 : 3 }));
    expect(onDay(rows, hourly)).toEqual({ avgTemp: 11.5, precipitation: 12, wind: 44 });
  });

  test("without means, the middle of the highest maximum and the lowest minimum", () => {
    const rows = hourlyRows(24, (hour) => ({ maxTemp: 10 + hour, minTemp: 9 - hour }));
    expect(onDay(rows, hourly)?.avgTemp).toBe((33 - 14) / 2);
  });

  test("an hour that is unknown does not make the day unknown", () => {
    const rows = hourlyRows(24, (hour) => (hour === 3 ? { wind: 1 } : known));
    expect(onDay(rows, hourly)).toEqual({ avgTemp: 15, precipitation: 46, wind: 20 });
  });

  test("of two rows of one time the later counts", () => {
    const corrected = { day, hour: 4, order: 1000n, avgTemp: 39, precipitation: 0, wind: 1 };
    expect(onDay([corrected, ...hourlyRows(24)], hourly)).toEqual({
      avgTemp: 16,
      precipitation: 46,
      wind: 20,
    });
  });

  test.each([
    { count: 20, is: "known", avgTemp: 15 },
    { count: 19, is: "unknown", avgTemp: NaN },
  ])("a day of $count hours is $is", ({ count, avgTemp }) => {
    expect(onDay(hourlyRows(count), hourly)?.avgTemp).toBe(avgTemp);
  });
});

describe("cleanWeather() decides", () => {
  const oneDaily = { day: next, ...known };
  test.each([
    {
      when: "half of the days have several times",
      rows: [...hourlyRows(24), oneDaily],
      is: "daily",
      share: 0.5,
    },
    { when: "all days have", rows: hourlyRows(24), is: "hourly", share: 1 },
    { when: "there is none", rows: [], is: "daily", share: 0 },
    { when: "rows only repeat a time", rows: [oneDaily, oneDaily], is: "daily", share: 0 },
  ])("$is when $when", ({ rows, is, share }) => {
    expect(cleaned(rows, { granularity: "auto" })).toMatchObject({
      granularity: is,
      multipleTimesShare: share,
    });
  });
});

describe("cleanWeather() without an order column", () => {
  test.each([
    {
      when: "equal rows collapse",
      rows: [
        { day, ...known },
        { day, ...known },
      ],
      daily: 0,
      ofHours: 0,
    },
    {
      when: "rows differ",
      rows: [
        { day, ...known },
        { day, ...known, wind: 21 },
      ],
      daily: 1,
      ofHours: 1,
    },
    {
      when: "one knows more",
      rows: [
        { day, ...known },
        { day, wind: 20 },
      ],
      daily: 1,
      ofHours: 1,
    },
    {
      when: "times differ",
      rows: [
        { day, ...known },
        { day, hour: 1, wind: 20 },
      ],
      daily: 1,
      ofHours: 0,
    },
    {
      when: "days differ",
      rows: [
        { day, ...known },
        { day: next, wind: 20 },
      ],
      daily: 0,
      ofHours: 0,
    },
  ])("$when", ({ rows, daily, ofHours }) => {
    expect(cleaned(rows, { ordered: false }).conflicts).toBe(daily);
    expect(cleaned(rows, { ordered: false, ...hourly }).conflicts).toBe(ofHours);
    expect(cleaned(rows).conflicts).toBe(0);
  });
});
