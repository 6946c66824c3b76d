import type { IBaseProtocol } from "pg-promise";

import { dateOrInstant, type Candidates } from "./columns.ts";

/** One text column of a staging table. */
export interface StagedColumn {
  readonly staging: string;
  /** Its name there, and the name it will have. */
  readonly position: string;
  readonly name: string;
}

/** A chosen type, or text with PostgreSQL's reason against the last candidate. */
export interface ColumnType {
  readonly type: string;
  readonly why?: string;
}

/** What the SQL of a text column's value as this type is; an empty one, quoted or not, is a value that never came. */
export function valueAs(column: string, type: string): string {
  // A cast to varchar(n) cuts silently; the assignment to such a column refuses what is longer.
  if (type === "text" || type.startsWith("varchar")) return `nullif(${column}, '')`;
  return `nullif(btrim(${column}), '')::${type}`;
}

/** The first of the candidates that PostgreSQL can cast every value to; each trial rolls back to a savepoint. */
export async function columnType(
  tx: IBaseProtocol<unknown>,
  column: StagedColumn,
  candidates: Candidates,
): Promise<ColumnType> {
  if (candidates === dateOrInstant) return dateType(tx, column);
  let why = "";
  for (const type of candidates) {
    const failure = await castFailure(tx, column, type);
    if (failure === undefined) return { type };
    why = failure;
  }
  return { type: "text", why };
}

/** PostgreSQL would cast an instant to a timestamp by forgetting its offset, so whether there is one is looked at first. */
async function dateType(tx: IBaseProtocol<unknown>, column: StagedColumn): Promise<ColumnType> {
  const withOffset = `${column.position} ~* '\\d:\\d\\d(:\\d\\d([.,]\\d+)?)?\\s*(Z|UTC|GMT|[+-]\\d\\d(:?\\d\\d)?)\\s*$'`;
  const { all, none } = await tx.one<{ all: boolean; none: boolean }>(
    `SELECT coalesce(bool_and(${withOffset}), false) AS all, coalesce(bool_and(NOT ${withOffset}), true) AS none
     FROM ${column.staging} WHERE btrim(${column.position}) <> ''`,
  );
  if (!all && !none) return { type: "text", why: "some dates have an offset from UTC and others have none" };
  const type = all ? "timestamptz" : "timestamp";
  const why = await castFailure(tx, column, type);
  return why === undefined ? { type } : { type: "text", why };
}

/** PostgreSQL's words about the first value that does not fit; undefined when all do. */
async function castFailure(
  tx: IBaseProtocol<unknown>,
  { staging, position }: StagedColumn,
  type: string,
): Promise<string | undefined> {
  try {
    await tx.tx((trial) => trial.one(`SELECT count(${valueAs(position, type)}) FROM ${staging}`));
    return undefined;
  } catch (error) {
    if (isDataException(error)) return error.message;
    throw error;
  }
}

/** An error of SQLSTATE class 22: a value was wrong, not the connection or our statement. */
export function isDataException(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("22")
  );
}
