import { describe, expect, test } from "@jest/globals";

import type { Settled } from "../../../trainer/clean/settle.ts";
import { countTexts, hours, settledOf } from "../../support/builders.ts";

const countsOf = ({ counts }: Settled): string[] => countTexts(counts);

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
    expect(countsOf(settledOf(rows))).toEqual(expected);
    expect(countsOf(settledOf(rows.toReversed()))).toEqual(expected);
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
    for (const arrival of [
      rows,
      rows.toReversed(),
      [rows[1], rows[0], rows[2]].flatMap((row) => row ?? []),
    ]) {
      expect(countsOf(settledOf(arrival))).toEqual([`${day} 0: 3`]);
      expect(settledOf(arrival).duplicate).toBe(2);
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
    expect(countsOf(settledOf([first, second]))).toEqual([`${day} 0: 2`]);
    expect(countsOf(settledOf([second, first]))).toEqual([`${day} 0: 2`]);
  });

  test("is never partial and sums nothing", () => {
    expect(settledOf(hours({ day, value: 5 }, 3))).toMatchObject({ duplicate: 2, partialDay: 0, summed: 0 });
  });
});

describe("settle() of a table whose granularity it decides", () => {
  const hourlyDays = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      hours({ day: `2026-06-${String(i + 1).padStart(2, "0")}` }),
    ).flat();
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
      const result = settledOf([...hourlyDays(hourlies), ...dailyDays(dailies)], { granularity: "auto" });
      expect(result).toMatchObject({ granularity, multipleTimesShare: share });
    },
  );

  test("repeated equal times do not look hourly", () => {
    expect(settledOf([{ day }, { day }, { day }], { granularity: "auto" }).granularity).toBe("daily");
  });

  test("what is configured is not decided", () => {
    expect(settledOf(dailyDays(3), hourly)).toMatchObject({ granularity: "hourly", partialDay: 3 });
    expect(settledOf(hourlyDays(3))).toMatchObject({ granularity: "daily", multipleTimesShare: 1 });
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
    {
      when: "stations do not contradict each other",
      rows: [{ day }, { day, station: 1, value: 1 }],
      daily: 0,
      hourly: 0,
    },
  ])("$when: $daily conflicts of days, $hourly of hours", ({ rows, daily, hourly: ofHours }) => {
    const equalOrder = rows.map((row) => ({ ...row, order: 0n }));
    expect(settledOf(equalOrder, tied).conflicts).toBe(daily);
    expect(settledOf(equalOrder, { ...tied, ...hourly }).conflicts).toBe(ofHours);
    expect(settledOf(equalOrder).conflicts).toBe(0);
  });
});
