import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { openDatabase, type Database } from "../../../trainer/extract/connection.ts";
import { quotedTable } from "../../../trainer/extract/quoting.ts";
import { readTable } from "../../../trainer/extract/table-types.ts";
import { startTestDatabase } from "../../support/database.ts";

const cleanup = new AsyncDisposableStack();
let db: Database;

beforeAll(async () => {
  const { url } = cleanup.use(await startTestDatabase());
  db = cleanup.use(await openDatabase({ url, applicationName: "test" }));
  await db.query(
    "set up",
    `create schema city; create schema "Odd ""one"; create role reader; grant usage on schema city to reader;
     create domain celsius as real; create domain given as integer not null;
     create table bike_count (id serial primary key, date timestamp not null, "Station" varchar(255), gone int, n numeric(9,6));
     alter table bike_count drop column gone;
     create table city.weather (date timestamptz, day date, temp celsius, must given, tags text[], u uuid);
     create view city.seen as select * from city.weather;
     create materialized view city.kept as select * from bike_count;
     create table city.parts (day date, n smallint) partition by range (day);
     create table "Odd ""one"."a'b; drop table bike_count; --$1" (n int8);
     create schema hidden; create table hidden.secrets (n int);
     create index an_index on bike_count (date); set search_path = city, public`,
  );
}, 60_000);
afterAll(() => cleanup.disposeAsync());

const found = async (name: string) => {
  const table = await readTable(db, name);
  return (
    table &&
    Object.fromEntries(
      [...table.columns].map(([column, { dataType, notNull }]) => [
        column,
        dataType + (notNull ? " not null" : ""),
      ]),
    )
  );
};

const bikeCount = {
  id: "integer not null",
  date: "timestamp without time zone not null",
  Station: "character varying",
  n: "numeric",
};
const weather = {
  date: "timestamp with time zone",
  day: "date",
  temp: "real",
  must: "integer not null",
  tags: "text[]",
  u: "uuid",
};

describe("readTable()", () => {
  test.each([
    { what: "a table of the search path", name: "bike_count", columns: bikeCount },
    { what: "a table of a schema", name: "city.weather", columns: weather },
    { what: "the first one of the search path", name: "weather", columns: weather },
    { what: "a view", name: "city.seen", columns: { ...weather, must: "integer not null" } },
    {
      what: "a materialized view",
      name: "kept",
      columns: {
        id: "integer",
        date: "timestamp without time zone",
        Station: "character varying",
        n: "numeric",
      },
    },
    { what: "a partitioned table", name: "parts", columns: { day: "date", n: "smallint" } },
    { what: "odd characters", name: `Odd "one.a'b; drop table bike_count; --$1`, columns: { n: "bigint" } },
    { what: "no such table", name: "nowhere", columns: undefined },
    { what: "no such schema", name: "nowhere.bike_count", columns: undefined },
    { what: "a name in other capitals", name: "Bike_Count", columns: undefined },
    { what: "an index", name: "an_index", columns: undefined },
    { what: "an empty name", name: "", columns: undefined },
    { what: "an asterisk", name: "*", columns: undefined },
    { what: "a name with a NUL", name: "bike_count\0", columns: undefined },
    { what: "a dot at the end", name: "city.", columns: undefined },
    { what: "three parts", name: "a.b.c", columns: undefined },
  ])("finds $what", async ({ name, columns }) => {
    expect(await found(name)).toEqual(columns);
  });

  test("agrees with information_schema", async () => {
    const sql = `select column_name, data_type from information_schema.columns where table_name = 'bike_count' order by ordinal_position`;
    const standard = (await db.query("ask", sql)) as { column_name: string; data_type: string }[];
    const table = await readTable(db, "bike_count");
    expect([...(table?.columns ?? [])].map(([name, { dataType }]) => [name, dataType])).toEqual(
      standard.map(({ column_name, data_type }) => [column_name, data_type]),
    );
  });

  test("finds a table that may not be read, which is told when it is", async () => {
    await db.query("become the reader", "set role reader");
    try {
      expect(await found("city.parts")).toEqual({ day: "date", n: "smallint" });
      await expect(
        db.query("read parts", `select * from ${quotedTable("city.parts")}`),
      ).rejects.toMatchObject({ reason: "PermissionDenied" });
      await expect(readTable(db, "hidden.secrets")).rejects.toMatchObject({ reason: "PermissionDenied" });
    } finally {
      await db.query("become oneself", "reset role");
    }
  });
});
