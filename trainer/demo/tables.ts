import type { IBaseProtocol } from "pg-promise";

/** A database, a connection or a transaction of pg-promise. */
export type Queries = IBaseProtocol<unknown>;

export interface TableOptions {
  /** Readings that never came are rows without a value; the default schema forbids them, many a real table does not. */
  readonly nullableIntensity?: boolean;
}

const definitions = {
  counters_info: () => `(
    station_id varchar(255) PRIMARY KEY,
    name varchar(255),
    longitude numeric(9,6),
    latitude numeric(8,6))`,
  bike_count: ({ nullableIntensity = false }: TableOptions) => `(
    id serial PRIMARY KEY,
    date timestamp NOT NULL,
    station_id varchar(255) NOT NULL,
    intensity integer ${nullableIntensity ? "" : "NOT NULL"},
    created_at timestamp)`,
  weather: () => `(
    id serial PRIMARY KEY,
    date timestamp NOT NULL,
    avg_temp real,
    precipitation_mm real,
    vent_max real)`,
};
export type TableName = keyof typeof definitions;

const tableNames = ["counters_info", "bike_count", "weather"] as const;

/** Statements that create the three tables, empty, with the default names and types. */
export const createStatements = (options: TableOptions = {}): string[] =>
  tableNames.map((table) => createStatement(table, options));

const createStatement = (table: TableName, options: TableOptions): string =>
  `CREATE TABLE ${table} ${definitions[table](options)}`;

/** Creates counters_info, bike_count and weather, empty, with the default names and types. */
export async function createTables(db: Queries, options: TableOptions = {}): Promise<void> {
  for (const statement of createStatements(options)) await db.none(statement);
}

/** Creates one of the three, empty. */
export async function createTable(db: Queries, table: TableName, options: TableOptions = {}): Promise<void> {
  await db.none(createStatement(table, options));
}

/** For after loading: one check of the whole table takes a fraction of the time of a check per row. */
export const foreignKeyStatement =
  "ALTER TABLE bike_count ADD FOREIGN KEY (station_id) REFERENCES counters_info";

/** To be called after loading. */
export async function addForeignKey(db: Queries): Promise<void> {
  await db.none(foreignKeyStatement);
}
