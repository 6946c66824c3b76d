/** Tells whether a column type, as information_schema.columns.data_type names it, can be read in a role. */
export type ColumnKind = (dataType: string) => boolean;

const integers = ["smallint", "integer", "bigint"];
const numbers = [...integers, "numeric", "real", "double precision"];
const moments = ["date", "timestamp without time zone", "timestamp with time zone"];
const ids = ["text", "character varying", "uuid"];

export const isNumber: ColumnKind = (type) => numbers.includes(type);
export const isMoment: ColumnKind = (type) => moments.includes(type);
export const isId: ColumnKind = (type) => ids.includes(type);
export const isOrder: ColumnKind = (type) => integers.includes(type) || moments.includes(type);

const accepted = new Map<ColumnKind, readonly string[]>([
  [isNumber, numbers],
  [isMoment, moments],
  [isId, ids],
  [isOrder, [...integers, ...moments]],
]);

/** The accepted types of a kind, for a sentence. */
export const typesOf = (kind: ColumnKind): string => (accepted.get(kind) ?? []).join(", ");
