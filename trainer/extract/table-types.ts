import { z } from "zod";

import type { Database } from "./connection.ts";
import { quotedTable } from "./quoting.ts";

export interface TableColumn {
  /** As information_schema.columns.data_type names it: "timestamp without time zone", "integer", ... */
  readonly dataType: string;
  readonly notNull: boolean;
}
export interface Table {
  readonly columns: ReadonlyMap<string, TableColumn>;
}

const Column = z.object({ name: z.string(), data_type: z.string(), not_null: z.boolean() });

/**
 * pg_catalog instead of information_schema.columns: that view has no materialized views, and it hides the columns that
 * one may not read, which would be reported as missing instead of forbidden. A domain is shown as the type below it.
 */
const columnsOf = `
  select a.attname as name,
         format_type(case t.typtype when 'd' then t.typbasetype else t.oid end, null) as data_type,
         a.attnotnull or t.typnotnull as not_null
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
   where c.oid = to_regclass($1) and c.relkind in ('r', 'p', 'v', 'm', 'f')
   order by a.attnum`;

/**
 * The columns of a table, view, materialized view or foreign table, or undefined when there is none of this name.
 * A name without a schema is looked up along the search_path. The right to read it is not asked for here.
 */
export async function readTable(db: Database, name: string): Promise<Table | undefined> {
  if (!canExist(name)) return undefined;
  const rows = await db.query(`look up table ${name}`, columnsOf, [quotedTable(name)]);
  if (rows.length === 0) return undefined;
  const columns = z.array(Column).parse(rows);
  return {
    columns: new Map(
      columns.map((column) => [column.name, { dataType: column.data_type, notNull: column.not_null }]),
    ),
  };
}

/** Names that no table has, or that would mean something else once they are in SQL. */
function canExist(name: string): boolean {
  const parts = name.split(".");
  return (
    parts.length <= 2 && !name.includes("\0") && parts.every((part) => part !== "" && part.trim() !== "*")
  );
}
