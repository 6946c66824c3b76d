import type { ITask } from "pg-promise";

import { RunFailure } from "../../errors.ts";
import { copyInto, type Connection } from "../copy.ts";
import { createTable } from "../tables.ts";
import { columnType, valueAs, type StagedColumn } from "./column-type.ts";
import type { TableShape } from "./columns.ts";
import type { CsvFile } from "./file.ts";

/** A transaction, the connection it runs on, and who hears what was noticed. */
export interface Session {
  readonly on: Connection;
  readonly tx: ITask<unknown>;
  readonly say: (sentence: string) => void;
}

interface TypedColumn extends StagedColumn {
  readonly type: string;
}

/**
 * Creates and fills the table of one file and returns its number of rows.
 *
 * @throws RunFailure UnreadableValue with PostgreSQL's words and the line, when it cannot read the file as CSV
 */
export async function loadFile(shape: TableShape, file: CsvFile, session: Session): Promise<number> {
  try {
    const rows = file.columns.length === 0 ? 0 : await stage(shape, file, session.on);
    if (rows === 0) await createTable(session.tx, shape.table);
    else await fill(shape, await typedColumns(shape, file, session), session.tx);
    return rows;
  } catch (error) {
    throw unreadable(file, error);
  }
}

const stagingOf = ({ table }: TableShape): string => `staging_${table}`;
const position = (index: number): string => `c${String(index + 1)}`;

/** Every value as text, in columns named by their place: a header may repeat names or leave them empty. */
async function stage(shape: TableShape, file: CsvFile, on: Connection): Promise<number> {
  const staging = stagingOf(shape);
  const places = file.columns.map((_, index) => position(index));
  const definitions = places.map((place) => `${place} text`).join(", ");
  await on.none(`CREATE TEMP TABLE ${staging} (line serial, ${definitions}) ON COMMIT DROP`);
  const statement = `COPY ${staging} (${places.join(", ")}) FROM STDIN (FORMAT csv, HEADER true)`;
  return copyInto(on, statement, file.content());
}

/** The columns that the table will have, in its order; says what is left out and what stays text. */
async function typedColumns(shape: TableShape, file: CsvFile, { tx, say }: Session): Promise<TypedColumn[]> {
  const ignored = file.columns.filter(
    (name, index) => !(name in shape.columns) || file.columns.indexOf(name) !== index,
  );
  if (ignored.length > 0) say(`${file.name}: ignoring the columns ${ignored.map(quoted).join(", ")}`);
  const typed: TypedColumn[] = [];
  for (const [name, candidates] of Object.entries(shape.columns)) {
    const index = file.columns.indexOf(name);
    if (index < 0) continue;
    const column = { staging: stagingOf(shape), position: position(index), name };
    const { type, why } = await columnType(tx, column, candidates);
    if (why !== undefined) say(`${file.name}: the column ${name} stays text: ${why}`);
    typed.push({ ...column, type });
  }
  return typed;
}

const quoted = (name: string): string => `"${name}"`;

async function fill(shape: TableShape, columns: readonly TypedColumn[], tx: ITask<unknown>): Promise<void> {
  const numbers = shape.numbered && !columns.some(({ name }) => name === "id");
  const definitions = columns.map(
    ({ name, type }) => `${name} ${type}${name === shape.primaryKey ? " PRIMARY KEY" : ""}`,
  );
  const names = columns.map(({ name }) => name);
  const values = columns.map(({ position, type }) => valueAs(position, type));
  const { table } = shape;
  await tx.none(
    `CREATE TABLE ${table} (${[...(numbers ? ["id serial PRIMARY KEY"] : []), ...definitions].join(", ")})`,
  );
  await tx.none(
    `INSERT INTO ${table} (${[...(numbers ? ["id"] : []), ...names].join(", ")})
     SELECT ${[...(numbers ? ["line"] : []), ...values].join(", ")} FROM ${stagingOf(shape)} ORDER BY line`,
  );
  if (numbers) await tx.one(`SELECT setval('${table}_id_seq', max(id)) FROM ${table}`);
}

/** Errors of SQLSTATE class 22 and 23 are about the file; any other is passed on as it is. */
function unreadable(file: CsvFile, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || !/^2[23]/.test(String(error.code))) return error;
  const [line] = /line \d+/.exec("where" in error ? String(error.where) : "") ?? [];
  const detail = "detail" in error && typeof error.detail === "string" ? `; ${error.detail}` : "";
  const place = line === undefined ? file.name : `${file.name}, ${line}`;
  const message = `Cannot load ${place}: ${error.message}${detail}; correct the file`;
  return new RunFailure("UnreadableValue", message, { cause: error });
}
