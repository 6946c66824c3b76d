import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { generate } from "../../../trainer/demo/generator.ts";
import { history } from "../../../trainer/demo/generator/history.ts";
import { createTables } from "../../../trainer/demo/tables.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const plan = { stations: 3, years: 1, seed: 1, endDay: "2026-10-31" };

describe("generate()", () => {
  test("writes the very rows of history(), ids ascending with time", async () => {
    await using database = await server.createDatabase();
    const shares: number[] = [];
    const loaded = await generate(plan, database.db, (share) => shares.push(share));
    const expected = [...history(plan)].flatMap(({ date, readings }) =>
      readings.map((each) => ({ date, ...each })),
    );
    expect(loaded).toEqual({ counters_info: 3, weather: 365, bike_count: expected.length });
    const rows = await database.db.any(
      `SELECT date::date::text AS date, station_id AS "stationId", intensity FROM bike_count ORDER BY id`,
    );
    expect(rows).toEqual(expected);
    expect(shares.at(-1)).toBe(1);
  });

  test("gives every count its weather and its station", async () => {
    await using database = await server.createDatabase();
    await generate(plan, database.db);
    const query = `SELECT count(*)::int AS rows, count(avg_temp + precipitation_mm + vent_max + latitude + longitude)::int AS complete
      FROM bike_count JOIN weather USING (date) JOIN counters_info USING (station_id)`;
    const { rows, complete } = await database.db.one<{ rows: number; complete: number }>(query);
    expect(complete).toBe(rows);
    expect(await database.db.one("SELECT count(*)::int AS rows FROM bike_count")).toEqual({ rows });
  });

  test("leaves nothing behind when it fails", async () => {
    await using database = await server.createDatabase();
    const failing = generate(plan, database.db, (share) => {
      if (share > 0.5) throw new Error("the progress display broke");
    });
    await expect(failing).rejects.toThrow("the progress display broke");
    expect(await database.db.one("SELECT to_regclass('weather') AS found")).toEqual({ found: null });
  });
});

describe("createTables()", () => {
  test.each([
    { options: {}, nullable: "NO" },
    { options: { nullableIntensity: true }, nullable: "YES" },
  ])("with $options intensity may be null: $nullable", async ({ options, nullable }) => {
    await using database = await server.createDatabase();
    await createTables(database.db, options);
    const query = `SELECT is_nullable AS nullable FROM information_schema.columns
      WHERE table_name = 'bike_count' AND column_name = 'intensity'`;
    expect(await database.db.one(query)).toEqual({ nullable });
  });
});
