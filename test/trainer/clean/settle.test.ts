import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { forEachCount } from "../../../trainer/clean/daily-counts.ts";
import { settle, type Settled } from "../../../trainer/clean/settle.ts";
import { dayOf, dayText } from "../../../trainer/days.ts";
import { hours, readingLog, type ReadingRow } from "../../support/builders.ts";

type Options = Partial<Parameters<typeof settle>[1]>;

const settled = (rows: readonly ReadingRow[], options: Options = {}): Settled =>
  settle(readingLog(rows), { stations: 3, granularity: "daily", ordered: true, since: undefined, ...options });

const countsOf = ({ counts }: Settled): string[] => {
  const found: string[] = [];
  forEachCount(counts, (day, station, count) => {
    found.push(`${dayText(day)} ${String(station)}: ${String(count)}`);
  });
  return found;
};

const day = "2026-06-01";
const next = "2026-06-02";
const hourly = { granularity: "hourly" } as const;

describe("settle() of a daily table", () => {
  test("sorts by day and station, whatever the order of arrival", () => {
    const rows = [
      { day: next, station: 1, value: 4 },
      { day, station: 2, value: 3 },
      { day: next, station: 0, value: 2 },
      { day, station: 1, value: 1 },
    ];
    const expected = [`${day} 1: 1`, `${day} 2: 3`, `${next} 0: 2`, `${next} 1: 4`];
    expect(countsOf(settled(rows))).toEqual(expected);
    expect(countsOf(settled(rows.toReversed()))).toEqual(expected);
  });

  test.each([
    { when: "at the same time", hour: 0 },
    { when: "at a later time of the day", hour: 23 },
  ])("the highest order key wins $when, whichever arrives first", ({ hour }) => {
    const rows = [
      { day, hour, order: 1n, value: 1 },
      { day, hour: 0, order: 3n, value: 3 },
      { day, hour: 12, order: 2n, value: 2 },
    ];
    for (const arrival of [rows, rows.toReversed(), [rows[1], rows[0], rows[2]].flatMap((row) => row ?? [])]) {
      expect(countsOf(settled(arrival))).toEqual([`${day} 0: 3`]);
      expect(settled(arrival).duplicate).toBe(2);
    }
  });

  test.each([
    [2n ** 53n, 2n ** 53n + 1n],
    [2n ** 62n - 1n, 2n ** 62n],
    [0xffff_ffffn, 0x1_0000_0000n],
    [-1n, 0n],
    [-(2n ** 63n), -(2n ** 63n) + 1n],
    [0x7fff_ffffn, 0x8000_0000n],
  ])("the order key %d is lower than %d", (low, high) => {
    const [first, second] = [
      { day, order: high, value: 2 },
      { day, order: low, value: 1 },
    ];
    expect(countsOf(settled([first, second]))).toEqual([`${day} 0: 2`]);
    expect(countsOf(settled([second, first]))).toEqual([`${day} 0: 2`]);
  });

  test("is never partial and sums nothing", () => {
    expect(settled(hours({ day, value: 5 }, 3))).toMatchObject({ duplicate: 2, partialDay: 0, summed: 0 });
  });
});

describe("settle() of an hourly table", () => {
  test("sums the hours of a day", () => {
    const result = settled([...hours({ day, value: 2 }), ...hours({ day, station: 1, value: 3 })], hourly);
    expect(countsOf(result)).toEqual([`${day} 0: 48`, `${day} 1: 72`]);
    expect(result).toMatchObject({ duplicate: 0, partialDay: 0, summed: 46 });
  });

  test("equal times are duplicates, of which the highest order key counts before summing", () => {
    const corrected = { day, hour: 5, order: 1000n, value: 100 };
    for (const rows of [
      [...hours({ day, value: 1 }), corrected],
      [corrected, ...hours({ day, value: 1 })],
    ]) {
      const result = settled(rows, hourly);
      expect(countsOf(result)).toEqual([`${day} 0: 123`]);
      expect(result).toMatchObject({ duplicate: 1, summed: 23 });
    }
  });

  test.each([
    { when: "20 hours are a day", count: 20, counts: [`${day} 0: 20`], partialDay: 0 },
    { when: "19 hours are a partial day", count: 19, counts: [], partialDay: 19 },
    { when: "a single reading is a partial day", count: 1, counts: [], partialDay: 1 },
    { when: "the 23 hours of a spring day are a day", count: 23, counts: [`${day} 0: 23`], partialDay: 0 },
    { when: "the 25 instants of an autumn day all count", count: 25, counts: [`${day} 0: 25`], partialDay: 0 },
  ])("$when", ({ count, counts, partialDay }) => {
    const result = settled(hours({ day, value: 1 }, count), hourly);
    expect(countsOf(result)).toEqual(counts);
    expect(result.partialDay).toBe(partialDay);
  });

  test("the doubled autumn hour of local times counts once, its second reading is a duplicate", () => {
    const rows = [...hours({ day: "2026-10-25", value: 1 }), { day: "2026-10-25", hour: 2, value: 9 }];
    const result = settled(rows, hourly);
    expect(countsOf(result)).toEqual(["2026-10-25 0: 32"]);
    expect(result.duplicate).toBe(1);
  });

  test("four readings in each of 19 hours are still 19 hours", () => {
    const quarters = hours({ day, value: 1 }, 19).flatMap((row) =>
      [0, 0.25, 0.5, 0.75].map((part) => ({ ...row, hour: (row.hour ?? 0) + part })),
    );
    expect(settled(quarters, hourly)).toMatchObject({ partialDay: 76, summed: 0 });
  });

  test("a duplicate does not make a partial day whole", () => {
    const twice = [...hours({ day }, 19), ...hours({ day }, 19)];
    expect(settled(twice, hourly)).toMatchObject({ duplicate: 19, partialDay: 19 });
  });
});

describe("settle() of a table whose granularity it decides", () => {
  const hourlyDays = (count: number) =>
    Array.from({ length: count }, (_, i) => hours({ day: `2026-06-${String(i + 1).padStart(2, "0")}` })).flat();
  const dailyDays = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ day: `2026-07-${String(i + 1).padStart(2, "0")}` }));

  test.each([
    { hourlies: 2, dailies: 2, granularity: "daily", share: 0.5 },
    { hourlies: 3, dailies: 2, granularity: "hourly", share: 0.6 },
    { hourlies: 0, dailies: 1, granularity: "daily", share: 0 },
    { hourlies: 1, dailies: 0, granularity: "hourly", share: 1 },
    { hourlies: 0, dailies: 0, granularity: "daily", share: 0 },
  ])(
    "$hourlies days with several times and $dailies with one are $granularity",
    ({ hourlies, dailies, granularity, share }) => {
      const result = settled([...hourlyDays(hourlies), ...dailyDays(dailies)], { granularity: "auto" });
      expect(result).toMatchObject({ granularity, multipleTimesShare: share });
    },
  );

  test("repeated equal times do not look hourly", () => {
    expect(settled([{ day }, { day }, { day }], { granularity: "auto" }).granularity).toBe("daily");
  });

  test("what is configured is not decided", () => {
    expect(settled(dailyDays(3), hourly)).toMatchObject({ granularity: "hourly", partialDay: 3 });
    expect(settled(hourlyDays(3))).toMatchObject({ granularity: "daily", multipleTimesShare: 1 });
  });
});

describe("settle() of a span", () => {
  test("days before since are settled but not counted", () => {
    const rows = [...hours({ day: "2026-05-31" }), ...hours({ day: "2026-05-30" }, 3), { day: "2026-05-31" }];
    const result = settled(rows, { ...hourly, since: dayOf(day) });
    expect(countsOf(result)).toEqual(["2026-05-31 0: 2400"]);
    expect(result).toMatchObject({ duplicate: 0, partialDay: 0, summed: 0 });
    expect(settled(rows, { since: dayOf(day) }).duplicate).toBe(0);
    expect(settled(rows, { ...hourly, since: dayOf("2026-05-31") })).toMatchObject({
      duplicate: 1,
      partialDay: 0,
      summed: 23,
    });
  });
});

describe("settle() without an order column", () => {
  const tied = { ordered: false };
  test.each([
    { when: "identical rows collapse", rows: [{ day }, { day }], daily: 0, hourly: 0 },
    { when: "equal times contradict", rows: [{ day }, { day, value: 1 }], daily: 1, hourly: 1 },
    { when: "other times of a day", rows: [{ day }, { day, hour: 9, value: 1 }], daily: 1, hourly: 0 },
    {
      when: "only the middle row differs",
      rows: [{ day }, { day, value: 1 }, { day }],
      daily: 1,
      hourly: 1,
    },
    {
      when: "two station-days contradict",
      rows: [{ day }, { day, value: 1 }, { day: next }, { day: next, value: 1 }],
      daily: 2,
      hourly: 2,
    },
    { when: "stations do not contradict each other", rows: [{ day }, { day, station: 1, value: 1 }], daily: 0, hourly: 0 },
  ])("$when: $daily conflicts of days, $hourly of hours", ({ rows, daily, hourly: ofHours }) => {
    const equalOrder = rows.map((row) => ({ ...row, order: 0n }));
    expect(settled(equalOrder, tied).conflicts).toBe(daily);
    expect(settled(equalOrder, { ...tied, ...hourly }).conflicts).toBe(ofHours);
    expect(settled(equalOrder).conflicts).toBe(0);
  });
});

test("every reading of a span is dropped, folded or kept as a station-day", () => {
  const row = fc.record({
    day: fc.constantFrom("2026-05-31", day, next),
    station: fc.integer({ min: 0, max: 2 }),
    hour: fc.integer({ min: 0, max: 24 }),
    value: fc.integer({ min: 0, max: 5 }),
  });
  const wholeDays = fc.subarray([0, 1, 2]).map((stations) => stations.flatMap((station) => hours({ day, station })));
  const granularity = fc.constantFrom("auto", "daily", "hourly");
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), wholeDays, granularity, (some, whole, how) => {
      const rows = [...some, ...whole];
      const result = settled(rows, { granularity: how, since: dayOf(day) });
      const inSpan = rows.filter((each) => each.day >= day).length;
      const kept = countsOf(result).filter((text) => text >= day).length;
      expect(inSpan - result.duplicate - result.partialDay - result.summed).toBe(kept);
    }),
  );
});
