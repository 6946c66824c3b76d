import pgPromise from "pg-promise";

const { as } = pgPromise;

/** A column name as an SQL identifier, case kept. */
export const quotedName = (name: string): string => as.name(name);

/** `table` or `schema.table` as SQL identifiers. */
export const quotedTable = (name: string): string => name.split(".").map(quotedName).join(".");

/** A text literal. */
export const quotedText = (text: string): string => as.text(text);
