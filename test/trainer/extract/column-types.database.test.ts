import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { RetrainRunSpec } from "../../../contract/retrain-run.ts";
import type { Database } from "../../../trainer/demo/copy.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";
import { historyOf, matrixOf, schemaProblems } from "../features/history-of.ts";

jest.setTimeout(120_000);

let server: TestServer;
let usual: City;
beforeAll(async () => {
  server = await startTestServer();
  usual = await cityOf({});
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Types {
  readonly id?: string;
  readonly date?: string;
  readonly intensity?: string;
  readonly measure?: string;
  readonly order?: string;
}

/** Two stations over twelve winter days; the second row of 5 January corrects the first. */
async function createCity(db: Database, types: Types = {}): Promise<void> {
  const {
    id = "varchar(255)",
    date = "timestamp",
    intensity = "integer",
    measure = "real",
    order = "integer",
  } = types;
  await db.none(`SET TIME ZONE 'Europe/Paris';
    CREATE TABLE counters_info (station_id ${id}, name text, longitude ${measure}, latitude ${measure});
    CREATE TABLE bike_count (id ${order}, date ${date}, station_id ${id}, intensity ${intensity});
    CREATE TABLE weather (id ${order}, date ${date}, avg_temp ${measure}, precipitation_mm ${measure}, vent_max ${measure});
    CREATE TEMP VIEW station AS SELECT n, ('00000000-0000-4000-8000-00000000000' || n)::${id} AS id FROM generate_series(1, 2) n;
    CREATE TEMP VIEW days AS SELECT d, timestamp '2025-12-31' + d * interval '1 day' AS day FROM generate_series(1, 12) d;
    INSERT INTO counters_info SELECT id, 'Counter ' || n, 3.5 + n, 43.25 FROM station;
    INSERT INTO bike_count SELECT ${orderValue(order, "d")}, day, id, 10 * d + n FROM days, station;
    INSERT INTO bike_count SELECT ${orderValue(order, "99")}, day, id, 77 FROM days, station WHERE d = 5 AND n = 1;
    INSERT INTO weather SELECT ${orderValue(order, "d")}, day, d, 0.5, 20 FROM days;
    DROP VIEW station; DROP VIEW days; RESET TIME ZONE`);
}

const orderValue = (type: string, n: string): string =>
  /date|timestamp/.test(type) ? `timestamp '2026-02-01' + ${n} * interval '1 day'` : n;

interface City {
  readonly matrix: (string | number)[][];
  readonly waterfall: object;
  readonly fingerprint: string | undefined;
}

async function cityOf(types: Types, alter = "", spec: RetrainRunSpec = {}): Promise<City> {
  await using database = await server.createDatabase();
  await createCity(database.db, types);
  if (alter !== "") await database.db.none(alter);
  const { history, data } = await historyOf(database.url, spec);
  return { matrix: matrixOf(history), waterfall: data.waterfall, fingerprint: data.fingerprint };
}

describe("tables of other types and names are read as the default ones", () => {
  test("the default types give ten training rows of the corrected counts", () => {
    const { matrix, waterfall } = usual;
    expect(matrix).toHaveLength(10);
    expect(waterfall).toMatchObject({ bike_count: 25, duplicate: 1, no_lag: 14, training_rows: 10 });
    expect(matrix.map(([day, , , ...rest]) => [day, ...rest.slice(-3)]).at(-2)).toEqual([
      "2026-01-12",
      111,
      77,
      121,
    ]);
  });

  test.each<Types>([
    ...["bigint", "smallint", "numeric", "numeric(10,2)", "real", "double precision"].map((intensity) => ({
      intensity,
    })),
    ...["date", "timestamptz", "timestamp(0)"].map((date) => ({ date })),
    ...["text", "uuid"].map((id) => ({ id })),
    ...["numeric", "double precision"].map((measure) => ({ measure })),
    ...["bigint", "smallint", "timestamp", "timestamptz", "date"].map((order) => ({ order })),
  ])("%j", async (types) => {
    expect(await cityOf(types)).toEqual(usual);
  });

  test("mapped names in mixed case, and a schema", async () => {
    const alter = `CREATE SCHEMA "Traffic"; ALTER TABLE bike_count SET SCHEMA "Traffic";
      ALTER TABLE "Traffic".bike_count RENAME TO "Bike ""Count"; ALTER TABLE "Traffic"."Bike ""Count" RENAME intensity TO "Total";
      ALTER TABLE "Traffic"."Bike ""Count" RENAME station_id TO "stationId"; ALTER TABLE "Traffic"."Bike ""Count" RENAME id TO "RowID";
      ALTER TABLE weather RENAME TO "Weather"; ALTER TABLE "Weather" RENAME vent_max TO "Gusts";
      ALTER TABLE counters_info RENAME TO stations; ALTER TABLE stations RENAME latitude TO "Lat"; ALTER TABLE stations DROP name`;
    const spec: RetrainRunSpec = {
      source: {
        tables: { bikeCount: 'Traffic.Bike "Count', weather: "Weather", countersInfo: "stations" },
        columns: {
          bikeCount: { stationId: "stationId", intensity: "Total", order: "RowID" },
          weather: { wind: "Gusts" },
          countersInfo: { latitude: "Lat" },
        },
      },
    };
    expect(await cityOf({}, alter, spec)).toEqual(usual);
  });

  test("views and partitioned histories are tables too", async () => {
    const alter = `ALTER TABLE weather RENAME TO raw_weather; CREATE VIEW weather AS SELECT * FROM raw_weather;
      ALTER TABLE bike_count RENAME TO raw_count; CREATE MATERIALIZED VIEW bike_count AS SELECT * FROM raw_count`;
    expect(await cityOf({}, alter)).toEqual(usual);
  });

  test("without an order column identical duplicates collapse", async () => {
    const drop =
      "ALTER TABLE bike_count DROP id; DELETE FROM bike_count WHERE intensity = 51; INSERT INTO bike_count SELECT * FROM bike_count WHERE intensity = 77";
    expect(await cityOf({}, drop)).toEqual(usual);
  });
});

describe("a span", () => {
  test.each(["date", "timestamp", "timestamptz"])(
    "of a column of type %s has its first day and not its last",
    async (date) => {
      const spec = { source: { since: "2026-01-09", until: "2026-01-12" } };
      const { matrix, waterfall } = await cityOf({ date }, "", spec);
      const days = ["2026-01-09", "2026-01-10", "2026-01-11"];
      expect(matrix.map(([day]) => day)).toEqual(days.flatMap((day) => [day, day]));
      expect(waterfall).toMatchObject({ bike_count: 6, duplicate: 0, no_lag: 0, training_rows: 6 });
    },
  );
});

describe("an order column", () => {
  test("that is unknown for a row makes that row the earliest", async () => {
    const unknown = "UPDATE bike_count SET id = NULL WHERE intensity = 51";
    expect(await cityOf({}, unknown)).toEqual(usual);
  });

  test("beyond 2^53 decides by its last bit", async () => {
    const huge = (id: string, intensity: number) =>
      `UPDATE bike_count SET id = ${id} WHERE intensity = ${String(intensity)}`;
    const lower = `${huge("9007199254740993", 77)}; ${huge("9007199254740992", 51)}`;
    expect(await cityOf({ order: "bigint" }, lower)).toEqual(usual);
  });
});

describe("rows that are no readings", () => {
  test("absurd dates are days without weather", async () => {
    const absurd =
      "INSERT INTO bike_count VALUES (500, '0001-01-01', 'x', 5), (501, '0044-03-15 BC', 'x', 5), (502, '9999-12-31', 'x', 5)";
    const { matrix, waterfall } = await cityOf({}, absurd);
    expect(waterfall).toMatchObject({ bike_count: 27, no_weather: 2, training_rows: 10 });
    expect(matrix).toHaveLength(10);
  });

  test("without a day, a station or a sound count are counted and dropped", async () => {
    const broken = `INSERT INTO bike_count SELECT 500, NULL, station_id, 5 FROM counters_info;
      INSERT INTO bike_count VALUES (501, '2026-01-03', NULL, 5), (502, '2026-01-03', 'x', NULL), (503, '2026-01-03', 'x', -1),
        (504, '2026-01-03', 'x', 'NaN'), (505, '2026-01-03', 'x', 'Infinity'), (506, '2026-01-03', 'x', '-Infinity'), (507, '2026-01-03', 'x', -1e300)`;
    const { matrix, waterfall } = await cityOf({ intensity: "float8" }, broken);
    expect(waterfall).toMatchObject({ bike_count: 34, null_or_negative: 9, training_rows: 10 });
    expect(matrix).toEqual(usual.matrix);
  });

  test("a count that no 32-bit float holds is refused with its column", async () => {
    const huge = "INSERT INTO bike_count VALUES (500, '2026-01-03', 'x', 1e300)";
    await expect(cityOf({ intensity: "float8" }, huge)).rejects.toMatchObject({
      reason: "UnreadableValue",
      message: expect.stringContaining("intensity"),
    });
  });
});

describe("tables that cannot be read", () => {
  test("all that is wrong is told at once", async () => {
    await using database = await server.createDatabase();
    await createCity(database.db, { intensity: "text" });
    await database.db.none(
      `DROP TABLE weather; ALTER TABLE bike_count ALTER date TYPE text; ALTER TABLE counters_info DROP latitude`,
    );
    const problems = await schemaProblems(database.url);
    expect(problems).toContain(
      "column bike_count.intensity has type text; expected smallint, integer, bigint, numeric",
    );
    expect(problems).toContain("column bike_count.date has type text; expected date, timestamp");
    expect(problems).toContain(
      "there is no table weather; create it or map another with source.tables.weather",
    );
    expect(problems).toContain(
      "table counters_info has no column latitude (it has station_id, name, longitude)",
    );
    expect(problems).toContain("map it with source.columns.countersInfo.latitude");
  });
});
