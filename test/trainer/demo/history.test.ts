import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { dayOf, dayOfWeek, plusDays } from "../../../trainer/days.ts";
import { fleetEvents } from "../../../trainer/demo/generator/fleet.ts";
import {
  history,
  stationsOf,
  weatherDays,
  type HistoryDay,
  type HistoryPlan,
} from "../../../trainer/demo/generator/history.ts";

const plan: HistoryPlan = { stations: 40, years: 4, seed: 7, endDay: "2026-10-31" };
const stations = stationsOf(plan);
const days: readonly HistoryDay[] = [...history(plan)];
const readings = days.flatMap((day) => day.readings.map((reading) => ({ ...reading, day: day.day })));

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const ratio = (part: number, whole: number): number => part / whole;

/** Mean count of all stations together on the days of each weekday, Monday first. */
function byWeekday(): number[] {
  const sums: number[][] = [[], [], [], [], [], [], []];
  for (const { day, readings: today } of days) {
    const counts = today.flatMap(({ intensity }) => (intensity === null ? [] : [intensity]));
    if (counts.length > 0) sums[dayOfWeek(day)]?.push(mean(counts));
  }
  return sums.map(mean);
}

/** The station-days with two readings. */
function twice(): { readonly same: number; readonly conflicting: number } {
  let same = 0;
  let conflicting = 0;
  for (const { readings: today } of days) {
    today.forEach((reading, i) => {
      const before = today[i - 1];
      if (before?.stationId !== reading.stationId) return;
      if (before.intensity === reading.intensity) same++;
      else conflicting++;
    });
  }
  return { same, conflicting };
}

describe("history()", () => {
  test("ends on the day asked for and has every day of the years", () => {
    expect(days).toHaveLength(1461);
    expect(days[0]?.date).toBe("2022-11-01");
    expect(days.at(-1)?.date).toBe("2026-10-31");
    expect(days.map(({ day }) => day)).toEqual(days.map((_, i) => dayOf("2022-11-01") + i));
  });

  test("counts are whole numbers of 0 or more", () => {
    const counts = readings.map(({ intensity }) => intensity ?? 0);
    expect(counts.filter((count) => !Number.isInteger(count) || count < 0)).toEqual([]);
  });

  test("3.9 % of the readings have no value", () => {
    const share = ratio(readings.filter(({ intensity }) => intensity === null).length, readings.length);
    expect(Math.abs(share - 0.039)).toBeLessThan(0.003);
  });

  test("0.9 % of the station-days came twice, 43 % of these with another value", () => {
    const { same, conflicting } = twice();
    const stationDays = readings.length - same - conflicting;
    expect(Math.abs(ratio(same + conflicting, stationDays) - 0.009)).toBeLessThan(0.0015);
    expect(Math.abs(ratio(conflicting, same + conflicting) - 0.43)).toBeLessThan(0.06);
  });

  test("weekdays stand to each other as in the real city", () => {
    const [monday = 1, ...others] = byWeekday();
    [1.12, 1.03, 1.07, 0.93].forEach((factor, i) => {
      expect(Math.abs((others[i] ?? 0) / monday - factor)).toBeLessThan(0.1);
    });
    expect(mean(others.slice(4)) / monday).toBeGreaterThan(0.4);
    expect(mean(others.slice(4)) / monday).toBeLessThan(0.75);
  });
});

describe("anomalies of history()", () => {
  test("one outage of 8 days takes the whole fleet, never the newest 60 days", () => {
    const out = days.filter(({ readings: today }) => today.every(({ intensity }) => intensity === null));
    expect(out).toHaveLength(8);
    expect((out[7]?.day ?? 0) - (out[0]?.day ?? 0)).toBe(7);
    expect((days.at(-1)?.day ?? 0) - (out[7]?.day ?? 0)).toBeGreaterThanOrEqual(60);
  });

  test("one station in ten counts zero for 19 to 145 days", () => {
    const stuck = stations.map(({ stuck: { from, to } }) => to - from);
    expect(stuck.filter((length) => length > 0)).toHaveLength(4);
    for (const length of stuck.filter((l) => l > 0)) {
      expect(length).toBeGreaterThanOrEqual(19);
      expect(length).toBeLessThanOrEqual(145);
    }
    const zeros = readings.filter(
      ({ stationId, intensity }) => stationId === stations[3]?.id && intensity === 0,
    );
    expect(zeros.length).toBeGreaterThanOrEqual(15);
  });

  test("gaps have a median of about 8 days", () => {
    const lengths = stations.flatMap(({ id }) => gapsOf(id)).sort((a, b) => a - b);
    expect(lengths.length).toBeGreaterThan(40);
    const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
    expect(median).toBeGreaterThanOrEqual(6);
    expect(median).toBeLessThanOrEqual(11);
  });
});

/** Lengths in days of the spans without any reading of a station. */
function gapsOf(id: string): number[] {
  const seen = readings.filter(({ stationId }) => stationId === id).map(({ day }) => day);
  return seen.map((day, i) => day - (seen[i - 1] ?? day) - 1).filter((length) => length > 0);
}

describe("fleetEvents()", () => {
  test("happens within the span and never on its newest 60 days, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 120, max: 8000 }), (seed, length) => {
        const span = { first: dayOf("2020-01-01"), last: plusDays(dayOf("2020-01-01"), length) };
        const { outage, partial } = fleetEvents(seed, span);
        const events = [...outage, ...partial.keys()];
        expect(Math.min(...events)).toBeGreaterThanOrEqual(span.first);
        expect(Math.max(...events)).toBeLessThan(span.last - 59);
      }),
    );
  });

  test("has one outage in 4 years and 11 days cut short", () => {
    const { outage, partial } = fleetEvents(1, { first: dayOf("2020-01-01"), last: dayOf("2027-12-31") });
    expect([outage.size, partial.size]).toEqual([16, 22]);
    expect([...partial.values()].filter((share) => share < 0.05 || share > 0.35)).toEqual([]);
  });
});

describe("weather", () => {
  const weather = days.map((day) => day.weather);

  test("has every count day and is the same with and without counts", () => {
    expect([...weatherDays(plan)].map((day) => day.weather)).toEqual(weather);
  });

  test("follows the seasons, the wet share of its chain and the city's wind", () => {
    const month = (mm: string) =>
      mean(days.filter(({ date }) => date.slice(5, 7) === mm).map((d) => d.weather.avgTemp));
    expect(Math.abs(month("01") - 7.4)).toBeLessThan(1.2);
    expect(Math.abs(month("08") - 25.5)).toBeLessThan(1.2);
    const wet = ratio(weather.filter(({ precipitationMm }) => precipitationMm > 0).length, weather.length);
    expect(Math.abs(wet - 0.23 / (0.23 + 0.46))).toBeLessThan(0.05);
    expect(Math.abs(mean(weather.map(({ ventMax }) => ventMax)) - 18.7)).toBeLessThan(0.8);
  });

  test("rain keeps people at home", () => {
    const counted = (wet: boolean) =>
      mean(
        days
          .filter(({ weather: { precipitationMm } }) => (wet ? precipitationMm > 15 : precipitationMm === 0))
          .flatMap(({ readings: today }) =>
            today.flatMap(({ intensity }) => (intensity === null ? [] : [intensity])),
          ),
      );
    expect(counted(true)).toBeLessThan(0.75 * counted(false));
  });
});

describe("a seed", () => {
  const small = fc.record({
    stations: fc.integer({ min: 1, max: 4 }),
    years: fc.constantFrom(0.3, 0.5, 1),
    seed: fc.integer(),
    endDay: fc.constantFrom("2026-10-31", "2024-02-29"),
  });

  test("gives the same rows every time", () => {
    fc.assert(
      fc.property(small, (each) => {
        expect([...history(each)]).toEqual([...history(each)]);
      }),
      { numRuns: 10 },
    );
  });

  test("gives a station the same rows beside other stations", () => {
    fc.assert(
      fc.property(small, (each) => {
        const ids = new Set(stationsOf(each).map(({ id }) => id));
        const more = [...history({ ...each, stations: each.stations + 3 })].map((day) => ({
          ...day,
          readings: day.readings.filter(({ stationId }) => ids.has(stationId)),
        }));
        expect(more).toEqual([...history(each)]);
      }),
      { numRuns: 10 },
    );
  });

  test("other than this one gives other rows", () => {
    const [first] = history({ ...plan, stations: 1, years: 0.3 });
    const [other] = history({ ...plan, stations: 1, years: 0.3, seed: 8 });
    expect(first?.weather).not.toEqual(other?.weather);
  });
});

describe("a plan that makes no sense", () => {
  test.each([
    { wrong: { stations: 0 } },
    { wrong: { stations: 1.5 } },
    { wrong: { years: 0 } },
    { wrong: { endDay: "31/10/2026" } },
  ])("is refused: $wrong", ({ wrong }) => {
    expect(() => [...history({ ...plan, ...wrong })]).toThrow(/expected a whole number of stations/);
  });
});
