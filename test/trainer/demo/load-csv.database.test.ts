import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { Database } from "../../../trainer/demo/copy.ts";
import { headerColumns } from "../../../trainer/demo/csv/file.ts";
import type { Loaded } from "../../../trainer/demo/generator.ts";
import { loadCsv } from "../../../trainer/demo/load-csv.ts";
import { startTestServer, type TestServer } from "../../support/database.ts";

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Files {
  readonly bike_count?: string | Buffer;
  readonly weather?: string;
  readonly counters_info?: string;
}

const sound: Required<Files> = {
  bike_count: "date,station_id,intensity\n2024-01-01,A,10\n2024-01-02,A,\n2024-01-01,A,11\n",
  weather: "date,avg_temp,precipitation_mm,vent_max\n2024-01-01,7.5,0,12\n",
  counters_info: "station_id,name,longitude,latitude\nA,Quai,3.892297816666667,43.623636516666664\n",
};

interface Outcome {
  readonly loaded: Loaded;
  readonly said: readonly string[];
  readonly db: Database;
}

/** A directory with the three files; a test names only the one that differs. */
async function directoryOf(differs: Files): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "retrain-csv-"));
  const files = Object.entries({ ...sound, ...differs });
  await Promise.all(files.map(([table, text]) => writeFile(join(path, `${table}.csv`), text)));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** Loads the files into an empty database. */
async function load<T>(differs: Files, look: (outcome: Outcome) => Promise<T>): Promise<T> {
  await using files = await directoryOf(differs);
  await using database = await server.createDatabase();
  const said: string[] = [];
  const loaded = await loadCsv(files.path, database.db, (sentence) => said.push(sentence));
  return await look({ loaded, said, db: database.db });
}

/** `name type` of a table's columns, in order. */
async function columnsOf(db: Database, table: string): Promise<string[]> {
  const query = `SELECT attname || ' ' || format_type(atttypid, atttypmod) AS "column" FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`;
  return (await db.any<{ column: string }>(query, [table])).map(({ column }) => column);
}

const typeOf = (differs: Files, column: string) =>
  load(differs, async ({ db, said }) => {
    const tables = await Promise.all(["bike_count", "weather", "counters_info"].map((t) => columnsOf(db, t)));
    const found = tables.flat().find((each) => each.startsWith(`${column} `));
    return { type: found?.slice(column.length + 1), said };
  });

const timestamp = "timestamp without time zone";
const defaultWeather = [
  "id integer",
  `date ${timestamp}`,
  "avg_temp real",
  "precipitation_mm real",
  "vent_max real",
];

describe("loadCsv()", () => {
  test("keeps null and duplicate readings, numbered in the order of the file", async () => {
    await load({}, async ({ db, loaded, said }) => {
      expect(loaded).toEqual({ bike_count: 3, weather: 1, counters_info: 1 });
      expect(said).toEqual([]);
      expect(await columnsOf(db, "bike_count")).toEqual([
        "id integer",
        `date ${timestamp}`,
        "station_id character varying(255)",
        "intensity integer",
      ]);
      const rows = await db.any<object>(
        "SELECT id, date::date::text AS day, station_id, intensity FROM bike_count ORDER BY id",
      );
      expect(rows).toEqual([
        { id: 1, day: "2024-01-01", station_id: "A", intensity: 10 },
        { id: 2, day: "2024-01-02", station_id: "A", intensity: null },
        { id: 3, day: "2024-01-01", station_id: "A", intensity: 11 },
      ]);
      const added = await db.one<object>("INSERT INTO bike_count (station_id) VALUES ('A') RETURNING id");
      expect(added).toEqual({ id: 4 });
    });
  });

  test("rounds coordinates as the default types do", async () => {
    await load({}, async ({ db }) => {
      expect(await db.one("SELECT longitude::text, latitude::text FROM counters_info")).toEqual({
        longitude: "3.892298",
        latitude: "43.623637",
      });
    });
  });
});

describe("column types of loadCsv()", () => {
  test.each([
    { values: "10,,12", type: "integer" },
    { values: ",,", type: "integer" },
    { values: "10,+3,-4", type: "integer" },
    { values: "10.0,,12", type: "double precision" },
    { values: "10,99999999999,1e3", type: "double precision" },
    { values: "10,NaN,12", type: "double precision" },
    { values: "10,many,12", type: "text" },
    { values: '10,"1,5",12', type: "text" },
  ])("intensity of $values becomes $type", async ({ values, type }) => {
    const fields = values.match(/("[^"]*"|[^,]*)(?:,|$)/g)?.slice(0, 3) ?? [];
    const lines = fields.map((field) => `A,2024-01-01,${field.replace(/,$/, "")}\n`);
    const found = await typeOf({ bike_count: `station_id,date,intensity\n${lines.join("")}` }, "intensity");
    expect(found.type).toBe(type);
    expect(found.said).toHaveLength(type === "text" ? 1 : 0);
  });

  test.each([
    { dates: ["2024-01-01", "2024-01-02 13:00:00"], type: timestamp },
    { dates: ["2024-01-01T00:00:00Z", "2024-01-02 13:00+01:00"], type: "timestamp with time zone" },
    { dates: ["2024-01-01T00:00:00Z", "2024-01-02 13:00"], type: "text" },
    { dates: ["01/02/2024"], type: "text" },
    { dates: ["2024-13-01"], type: "text" },
  ])("dates such as $dates become $type", async ({ dates, type }) => {
    const bike_count = `station_id,date,intensity\n${dates.map((date) => `A,${date},1\n`).join("")}`;
    const bikes = load({ bike_count }, async ({ db }) => (await columnsOf(db, "bike_count"))[1]);
    expect(await bikes).toBe(`date ${type}`);
  });

  test("a word among the temperatures leaves that column text and says which", async () => {
    const weather = "date,avg_temp,precipitation_mm,vent_max\n2024-01-01,warm,0,1\n";
    const { type, said } = await typeOf({ weather }, "avg_temp");
    expect(type).toBe("text");
    expect(said).toEqual([expect.stringMatching(/^weather.csv: the column avg_temp stays text: .*"warm"/)]);
  });
});

describe("columns of loadCsv()", () => {
  test("takes weather under the Open-Meteo names, in any order", async () => {
    const weather =
      "wind_speed_10m_max,date,precipitation_sum,temperature_2m_mean\r\n14.1,2022-12-24,0.0,12.5\r\n";
    await load({ weather }, async ({ db }) => {
      expect(await columnsOf(db, "weather")).toEqual([
        "id integer",
        `date ${timestamp}`,
        "temperature_2m_mean real",
        "precipitation_sum real",
        "wind_speed_10m_max real",
      ]);
    });
  });

  test.each([
    { what: "0 bytes", weather: "" },
    { what: "only the header", weather: "date,temperature_2m_mean\n" },
    { what: "only a byte order mark", weather: "\uFEFF" },
  ])("weather of $what gives the empty default table", async ({ weather }) => {
    await load({ weather }, async ({ db, loaded }) => {
      expect(loaded.weather).toBe(0);
      expect(await columnsOf(db, "weather")).toEqual(defaultWeather);
    });
  });

  test("ignores unknown, nameless and repeated columns and says so", async () => {
    const bike_count =
      '\uFEFF,"date",station_id,intensity,note,intensity\n0,2024-01-01,A,10,"x, ""y""\nz",99\n';
    await load({ bike_count }, async ({ db, said }) => {
      expect(await db.one("SELECT intensity FROM bike_count")).toEqual({ intensity: 10 });
      expect(said).toEqual(['bike_count.csv: ignoring the columns "", "note", "intensity"']);
    });
  });

  test("takes the ids of the file when it has them", async () => {
    const bike_count = "id,date,station_id,intensity\n9,2024-01-01,A,10\n5,2024-01-02,A,11\n";
    await load({ bike_count }, async ({ db }) => {
      expect(await db.any("SELECT id FROM bike_count ORDER BY date")).toEqual([{ id: 9 }, { id: 5 }]);
    });
  });

  test("leaves a missing column out, for the trainer's schema check to report", async () => {
    const bike_count = "date,station_id\n2024-01-01,A\n";
    await load({ bike_count }, async ({ db }) => {
      expect(await columnsOf(db, "bike_count")).toEqual([
        "id integer",
        `date ${timestamp}`,
        "station_id character varying(255)",
      ]);
    });
  });

  test("takes counts of stations that counters_info.csv does not know", async () => {
    await load({ bike_count: "date,station_id,intensity\n2024-01-01,B,10\n" }, ({ loaded }) => {
      expect(loaded.bike_count).toBe(1);
      return Promise.resolve();
    });
  });
});

describe("loadCsv() refuses", () => {
  test.each<{ what: string; files: Files; says: RegExp }>([
    {
      what: "a line with a field too few",
      files: { bike_count: "date,station_id,intensity\n2024-01-01,A,1\n2024-01-02,A\n" },
      says: /bike_count\.csv, line 3: missing data/,
    },
    {
      what: "a line with a field too many",
      files: { bike_count: "date,station_id,intensity\n2024-01-01,A,1,2\n" },
      says: /bike_count\.csv, line 2: extra data/,
    },
    {
      what: "a quote that never ends",
      files: { weather: 'date,avg_temp\n2024-01-01,"7\n' },
      says: /weather\.csv, line 3: unterminated/,
    },
    {
      what: "another encoding than UTF-8",
      files: { bike_count: Buffer.from("date,station_id,intensity\n2024-01-01,\xe9,1\n", "latin1") },
      says: /bike_count\.csv, line 2: invalid byte sequence/,
    },
    {
      what: "a station that is there twice",
      files: { counters_info: "station_id,name\nA,x\nA,y\n" },
      says: /counters_info\.csv: duplicate key.*\(station_id\)=\(A\)/,
    },
    {
      what: "a station id of 256 characters",
      files: { counters_info: `station_id,name\n${"x".repeat(256)},x\n` },
      says: /counters_info\.csv: value too long/,
    },
  ])("$what", async ({ files, says }) => {
    const loading = load(files, () => Promise.resolve());
    await expect(loading).rejects.toMatchObject({
      reason: "UnreadableValue",
      message: expect.stringMatching(says),
    });
  });

  test("a directory without the files, by name", async () => {
    await using database = await server.createDatabase();
    const loading = loadCsv(join(tmpdir(), "no-such-directory"), database.db);
    await expect(loading).rejects.toMatchObject({
      reason: "BadConfiguration",
      message: expect.stringMatching(/no-such-directory\/counters_info\.csv: ENOENT/),
    });
  });

  test("a bad file as a whole: nothing is left in the database", async () => {
    await using database = await server.createDatabase();
    await using files = await directoryOf({ bike_count: "date\n1,2\n" });
    await expect(loadCsv(files.path, database.db)).rejects.toMatchObject({ reason: "UnreadableValue" });
    expect(await database.db.one("SELECT to_regclass('counters_info') AS found")).toEqual({ found: null });
  });
});

describe("headerColumns()", () => {
  test.each([
    { line: "a,b", columns: ["a", "b"] },
    { line: "\uFEFFa, b ", columns: ["a", "b"] },
    { line: '\uFEFF"a",b', columns: ["a", "b"] },
    { line: '"a","b,""c"""', columns: ["a", 'b,"c"'] },
    { line: ",a,", columns: ["", "a", ""] },
    { line: "  ", columns: [] },
  ])("'$line' has the columns $columns", ({ line, columns }) => {
    expect(headerColumns(line)).toEqual(columns);
  });
});
