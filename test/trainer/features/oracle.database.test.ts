import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import { generate } from "../../../trainer/demo/generator.ts";
import { startTestServer, type TestDatabase, type TestServer } from "../../support/database.ts";
import { historyOf, matrixOf } from "./history-of.ts";
import { buildNastyCity } from "./nasty-city.ts";
import { askPostgres, type OracleSource } from "./sql-oracle.ts";

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const zoned = (column: string): string => `(${column} AT TIME ZONE 'Europe/Paris')::date`;
const zonedTables: OracleSource = {
  counts: `SELECT id AS ord, station_id::text AS station, ${zoned("date")} AS day, date AS moment, intensity AS value FROM bike_count`,
  weather: `SELECT id AS ord, ${zoned("date")} AS day, date AS moment, nullif(avg_temp, 'NaN') AS avg, NULL::real AS max,
    NULL::real AS min, nullif(precipitation_mm, 'NaN') AS rain, nullif(vent_max, 'NaN') AS wind FROM weather`,
};

/** Compares every cell and every step of the waterfall; says which steps dropped something and how many rows are left. */
async function expectAgreement(
  { url, db }: TestDatabase,
  source: OracleSource = {},
  spec: RetrainRunSpec = {},
): Promise<{ readonly steps: string[]; readonly rows: number }> {
  const { history, data } = await historyOf(url, spec);
  const { waterfall, matrix } = await askPostgres(db, source);
  expect(data.waterfall).toEqual(waterfall);
  expect(matrixOf(history)).toEqual(matrix);
  const { bike_count, training_rows, ...drops } = waterfall;
  const steps = Object.entries(drops).flatMap(([step, dropped]) => (dropped > 0 ? [step] : []));
  return { steps, rows: matrix.length };
}

describe("the trainer's cleaning and features are what PostgreSQL computes", () => {
  test.each([1, 2, 3, 4])("for a daily table with everything nasty, seed %d", async (seed) => {
    await using database = await server.createDatabase();
    await buildNastyCity(database.db, { seed, from: "2025-12-01", days: 100 });
    const { steps, rows } = await expectAgreement(database);
    expect(steps).toEqual(["null_or_negative", "duplicate", "no_weather", "no_lag"]);
    expect(rows).toBeGreaterThan(150);
  });

  test("for a table of days whose times are instants", async () => {
    await using database = await server.createDatabase();
    await buildNastyCity(database.db, { seed: 5, from: "2026-10-01", days: 61, dates: "timestamptz" });
    await expectAgreement(database, zonedTables);
    const span = { since: "2026-10-20", until: "2026-11-25" };
    const { rows } = await expectAgreement(database, { ...zonedTables, ...span }, { source: span });
    expect(rows).toBeGreaterThan(50);
  });

  test.each([
    { when: "hours of instants over the 23-hour day", from: "2026-03-10", dates: "timestamptz" as const },
    { when: "hours of instants over the 25-hour day", from: "2026-10-10", dates: "timestamptz" as const },
    { when: "hours of local times", from: "2026-10-10", dates: "timestamp" as const },
  ])("for $when", async ({ from, dates }) => {
    await using database = await server.createDatabase();
    await buildNastyCity(database.db, { seed: 6, from, days: 40, dates, hourly: true });
    const source = dates === "timestamp" ? {} : zonedTables;
    const hourly = { ...source, hourlyCounts: true, hourlyWeather: true };
    const { steps, rows } = await expectAgreement(database, hourly);
    expect(steps).toEqual(["null_or_negative", "duplicate", "partial_day", "no_weather", "no_lag"]);
    expect(rows).toBeGreaterThan(30);
  });
});

describe("the trainer agrees with PostgreSQL", () => {
  test("for a blacklist, exclusions and a span", async () => {
    await using database = await server.createDatabase();
    await buildNastyCity(database.db, { seed: 7, from: "2025-12-01", days: 150 });
    const exclude = [
      { stations: ["b"], from: "2026-02-01", to: "2026-02-10", why: "works" },
      { from: "2026-03-01", to: "2026-03-02", why: "strike" },
    ];
    const excluded = `station = 'b' AND day BETWEEN '2026-02-01' AND '2026-02-10' OR day BETWEEN '2026-03-01' AND '2026-03-02'`;
    const oracle = { blacklist: ["B9"], excluded, since: "2026-01-15", until: "2026-04-15" };
    const rest = { blacklist: ["B9"], exclude, until: "2026-04-15" };
    const byDay = await expectAgreement(database, oracle, { source: { ...rest, since: "2026-01-15" } });
    const byDuration = await expectAgreement(database, oracle, { source: { ...rest, since: "P3M" } });
    expect(byDay.steps).toEqual(expect.arrayContaining(["blacklisted", "excluded"]));
    expect(byDay.rows).toBeGreaterThan(100);
    expect(byDuration).toEqual(byDay);
  });

  test.each([1, 2, 3])("for a generated city, seed %d", async (seed) => {
    await using database = await server.createDatabase();
    await generate({ stations: 12, years: 0.5, seed, endDay: "2026-10-31" }, database.db);
    const { rows } = await expectAgreement(database);
    expect(rows).toBeGreaterThan(1000);
  });

  test("for weather under Open-Meteo's names, where a missing mean is the middle of the extremes", async () => {
    await using database = await server.createDatabase();
    await buildNastyCity(database.db, { seed: 8, from: "2026-05-01", days: 90 });
    await database.db.none(`ALTER TABLE weather RENAME avg_temp TO temperature_2m_mean;
      ALTER TABLE weather RENAME precipitation_mm TO precipitation_sum; ALTER TABLE weather RENAME vent_max TO wind_speed_10m_max;
      ALTER TABLE weather ADD temperature_2m_max real, ADD temperature_2m_min real;
      UPDATE weather SET temperature_2m_max = id % 37, temperature_2m_min = CASE WHEN id % 5 > 0 THEN id % 7 - 3 END WHERE id % 3 > 0;
      UPDATE weather SET temperature_2m_mean = NULL WHERE id % 2 = 0`);
    const weather = `SELECT id AS ord, date::date AS day, date AS moment, nullif(temperature_2m_mean, 'NaN') AS avg,
      temperature_2m_max AS max, temperature_2m_min AS min, nullif(precipitation_sum, 'NaN') AS rain, nullif(wind_speed_10m_max, 'NaN') AS wind FROM weather`;
    const { rows } = await expectAgreement(database, { weather });
    expect(rows).toBeGreaterThan(50);
  });
});
