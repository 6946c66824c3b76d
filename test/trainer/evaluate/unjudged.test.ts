import { describe, expect, test } from "@jest/globals";

import { plusDays, type Day } from "../../../trainer/days.ts";
import { knowsDayBefore, predictWithDayBefore } from "../../../trainer/evaluate/day-before-weather.ts";
import { ErrorSums, served } from "../../../trainer/evaluate/metrics.ts";
import { scoreServedLags } from "../../../trainer/evaluate/served-lags.ts";
import { lastDays, type Window } from "../../../trainer/evaluate/window.ts";
import type { FeatureName } from "../../../trainer/features/names.ts";
import type { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { smallFit } from "../champion/published-city.ts";
import { blockOf, rowsByName, type Row } from "./block-of.ts";
import { cityHistory, cityPool, firstDay } from "./small-city.ts";

/** Pseudo-random in [0, 100), the same for the same day and station. */
const chance = (day: Day, station: number): number => ((day * 7919 + station * 104_729) % 1009) % 100;
/** A third of all station-days is silent, one station sleeps for a month, nobody counts on two days. */
const isSilent = (day: Day, station: number): boolean =>
  chance(day, station) < 33 ||
  (station === 2 && day > firstDay + 115 && day < firstDay + 140) ||
  day === firstDay + 130 ||
  day === firstDay + 131;
const isDark = (day: Day): boolean => (day - firstDay) % 11 === 5;

const full = cityHistory();
const city = cityHistory({
  count: (day, station, usual) => (isSilent(day, station) ? undefined : usual),
  weather: (day, usual) => (isDark(day) ? undefined : usual),
});
const window = lastDays(city.table, 28) as Window;
const allOf = rowsByName(full);
const rowOf = new Map(allOf.map((row) => [`${String(row.day)} ${row.id}`, row]));
const sleeps = ({ day, id }: Pick<Row, "day" | "id">): boolean => isSilent(day, full.ids.indexOf(id));
const isInWindow = ({ day }: Row): boolean => day >= window.from && day <= window.to;

const modelOf = async (pool: TrainingPool): Promise<Uint8Array> =>
  (await pool.fit({ range: { from: 0, to: window.rows.from }, ...smallFit })).model;

async function errorsOf(pool: TrainingPool, model: Uint8Array, rows: readonly Row[]) {
  const raw = await pool.predictRows(model, blockOf(rows.map(({ features }) => features)));
  const sums = new ErrorSums();
  for (const [r, { label }] of rows.entries()) sums.add(label, served(raw[r] ?? NaN));
  return sums.metrics();
}

describe("scoreServedLags()", () => {
  /** The count `back` days before, else the newest one before that. */
  function newest({ day, id }: Row, back: number): number {
    for (let at = plusDays(day, -back); ; at = plusDays(at, -1)) {
      const row = rowOf.get(`${String(at)} ${id}`);
      if (row === undefined) throw new Error("The oracle looks before the first row");
      if (!sleeps({ day: at, id })) return row.label;
    }
  }
  const asServed = (row: Row): Row => ({
    ...row,
    features: { ...row.features, lag_1: newest(row, 1), lag_7: newest(row, 7) },
  });
  const counted = allOf.filter((row) => isInWindow(row) && !sleeps(row) && !isDark(row.day));

  test("looks every missing lag up as a service would, on all counted days with weather", async () => {
    await using pool = await cityPool(city.table);
    const model = await modelOf(pool);
    const known = { window, isKnown: () => true };
    const sums = await scoreServedLags(model, city.table, known, { pool, nthread: 1 });
    expect(sums.metrics()).toEqual(await errorsOf(pool, model, counted.map(asServed)));
    expect(sums.n).toBe(counted.length);
    expect(sums.n).toBeGreaterThan(2 * (window.rows.to - window.rows.from)); // most of them are no training rows
  });

  test("leaves out the stations that the model does not know", async () => {
    await using pool = await cityPool(city.table);
    const model = await modelOf(pool);
    const known = { window, isKnown: (station: number) => station > 3 };
    const sums = await scoreServedLags(model, city.table, known, { pool, nthread: 1 });
    const rows = counted.filter(({ id }) => full.ids.indexOf(id) > 3);
    expect(sums.metrics()).toEqual(await errorsOf(pool, model, rows.map(asServed)));
    const nobody = { window, isKnown: () => false };
    expect((await scoreServedLags(model, city.table, nobody, { pool, nthread: 1 })).n).toBe(0);
  });
});

describe("predictWithDayBefore()", () => {
  const moved: FeatureName[] = [
    "avg_temp",
    "precipitation_mm",
    "vent_max",
    "is_rainy",
    "is_cold",
    "is_hot",
    "is_windy",
  ];

  test("gives the model all that the weather of the day before says", async () => {
    await using pool = await cityPool(city.table);
    const model = await modelOf(pool);
    const raw = await predictWithDayBefore(model, city.table, window.rows, { pool, nthread: 1 });
    const knows = knowsDayBefore(city.table);

    const rows = rowsByName(city).slice(window.rows.from, window.rows.to);
    const judged = rows.flatMap((row, at) => (isDark(plusDays(row.day, -1)) ? [] : [{ row, at }]));
    const expected = judged.map(({ row }) => {
      const before = rowOf.get(`${String(row.day - 1)} ${row.id}`)?.features ?? row.features;
      return { ...row.features, ...Object.fromEntries(moved.map((name) => [name, before[name]])) };
    });
    expect(rows.map(({ day }) => knows(day))).toEqual(rows.map(({ day }) => !isDark(plusDays(day, -1))));
    expect(judged.map(({ at }) => raw[at])).toEqual([...(await pool.predictRows(model, blockOf(expected)))]);
    expect(judged.length).toBeLessThan(rows.length);
    const observed = await pool.predict(model, window.rows);
    expect(raw.filter((value, r) => value !== observed[r]).length).toBeGreaterThan(rows.length / 2);
  });
});
