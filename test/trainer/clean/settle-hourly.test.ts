import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { Settled } from "../../../trainer/clean/settle.ts";
import { dayOf } from "../../../trainer/days.ts";
import { countTexts, hours, settledOf } from "../../support/builders.ts";

const countsOf = ({ counts }: Settled): string[] => countTexts(counts);

const day = "2026-06-01";
const next = "2026-06-02";
const hourly = { granularity: "hourly" } as const;

describe("settle() of an hourly table", () => {
  test("sums the hours of a day", () => {
    const result = settledOf([...hours({ day, value: 2 }), ...hours({ day, station: 1, value: 3 })], hourly);
    expect(countsOf(result)).toEqual([`${day} 0: 48`, `${day} 1: 72`]);
    expect(result).toMatchObject({ duplicate: 0, partialDay: 0, summed: 46 });
  });

  test("equal times are duplicates, of which the highest order key counts before summing", () => {
    const corrected = { day, hour: 5, order: 1000n, value: 100 };
    for (const rows of [
      [...hours({ day, value: 1 }), corrected],
      [corrected, ...hours({ day, value: 1 })],
    ]) {
      const result = settledOf(rows, hourly);
      expect(countsOf(result)).toEqual([`${day} 0: 123`]);
      expect(result).toMatchObject({ duplicate: 1, summed: 23 });
    }
  });

  test.each([
    { when: "20 hours are a day", count: 20, counts: [`${day} 0: 20`], partialDay: 0 },
    { when: "19 hours are a partial day", count: 19, counts: [], partialDay: 19 },
    { when: "a single reading is a partial day", count: 1, counts: [], partialDay: 1 },
    { when: "the 23 hours of a spring day are a day", count: 23, counts: [`${day} 0: 23`], partialDay: 0 },
    {
      when: "the 25 instants of an autumn day all count",
      count: 25,
      counts: [`${day} 0: 25`],
      partialDay: 0,
    },
  ])("$when", ({ count, counts, partialDay }) => {
    const result = settledOf(hours({ day, value: 1 }, count), hourly);
    expect(countsOf(result)).toEqual(counts);
    expect(result.partialDay).toBe(partialDay);
  });

  test("the doubled autumn hour of local times counts once, its second reading is a duplicate", () => {
    const rows = [...hours({ day: "2026-10-25", value: 1 }), { day: "2026-10-25", hour: 2, value: 9 }];
    const result = settledOf(rows, hourly);
    expect(countsOf(result)).toEqual(["2026-10-25 0: 32"]);
    expect(result.duplicate).toBe(1);
  });

  test("four readings in each of 19 hours are still 19 hours", () => {
    const quarters = hours({ day, value: 1 }, 19).flatMap((row) =>
      [0, 0.25, 0.5, 0.75].map((part) => ({ ...row, hour: (row.hour ?? 0) + part })),
    );
    expect(settledOf(quarters, hourly)).toMatchObject({ partialDay: 76, summed: 0 });
  });

  test("a duplicate does not make a partial day whole", () => {
    const twice = [...hours({ day }, 19), ...hours({ day }, 19)];
    expect(settledOf(twice, hourly)).toMatchObject({ duplicate: 19, partialDay: 19 });
  });
});

describe("settle() of a span", () => {
  test("days before since are settled but not counted", () => {
    const rows = [...hours({ day: "2026-05-31" }), ...hours({ day: "2026-05-30" }, 3), { day: "2026-05-31" }];
    const result = settledOf(rows, { ...hourly, since: dayOf(day) });
    expect(countsOf(result)).toEqual(["2026-05-31 0: 2400"]);
    expect(result).toMatchObject({ duplicate: 0, partialDay: 0, summed: 0 });
    expect(settledOf(rows, { since: dayOf(day) }).duplicate).toBe(0);
    expect(settledOf(rows, { ...hourly, since: dayOf("2026-05-31") })).toMatchObject({
      duplicate: 1,
      partialDay: 0,
      summed: 23,
    });
  });
});

test("every reading of a span is dropped, folded or kept as a station-day", () => {
  const row = fc.record({
    day: fc.constantFrom("2026-05-31", day, next),
    station: fc.integer({ min: 0, max: 2 }),
    hour: fc.integer({ min: 0, max: 24 }),
    value: fc.integer({ min: 0, max: 5 }),
  });
  const wholeDays = fc
    .subarray([0, 1, 2])
    .map((stations) => stations.flatMap((station) => hours({ day, station })));
  const granularity = fc.constantFrom("auto", "daily", "hourly");
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), wholeDays, granularity, (some, whole, how) => {
      const rows = [...some, ...whole];
      const result = settledOf(rows, { granularity: how, since: dayOf(day) });
      const inSpan = rows.filter((each) => each.day >= day).length;
      const kept = countsOf(result).filter((text) => text >= day).length;
      expect(inSpan - result.duplicate - result.partialDay - result.summed).toBe(kept);
    }),
  );
});
