import { dayText, type Day } from "../days.ts";
import type { CopyField, WireType } from "./copy-row.ts";
import type { CountsPlan, PlannedColumn, StationsPlan, WeatherPlan } from "./schema.ts";
import { quotedName, quotedTable, quotedText } from "./quoting.ts";

/** A SELECT for COPY and the wire types of its columns, in order. */
export interface CopyQuery {
  readonly sql: string;
  readonly fields: readonly CopyField[];
}

export interface Span {
  readonly timeZone: string;
  /** First day read, inclusive; undefined for all. */
  readonly from: Day | undefined;
  /** First day not read. */
  readonly until: Day;
}

interface Selected {
  readonly sql: string;
  readonly field: CopyField;
}

const isZoned = (column: PlannedColumn): boolean => column.dataType === "timestamp with time zone";

const select = (
  column: PlannedColumn,
  type: WireType,
  sql = `${quotedName(column.name)}::${type}`,
): Selected => ({
  sql,
  field: { name: column.name, type },
});

/** Widened only as far as needed: int4 and float4 halve what 5 million readings send. */
const numberType = (column: PlannedColumn): WireType =>
  column.dataType === "smallint" || column.dataType === "integer"
    ? "int4"
    : column.dataType === "real"
      ? "float4"
      : "float8";

const value = (column: PlannedColumn | undefined): Selected =>
  column === undefined
    ? { sql: "NULL::float4", field: { name: "none", type: "float4" } }
    : select(column, numberType(column));

/** The local day, so that the database's own time zone rules decide, and the instant that tells readings apart. */
const moment = (date: PlannedColumn, timeZone: string): readonly Selected[] => [
  isZoned(date)
    ? select(date, "date", `(${quotedName(date.name)} AT TIME ZONE ${quotedText(timeZone)})::date`)
    : select(date, "date"),
  isZoned(date) ? select(date, "timestamptz") : select(date, "timestamp"),
];

function order(column: PlannedColumn | undefined): Selected {
  if (column === undefined) return { sql: "0::int8", field: { name: "none", type: "int8" } };
  if (isZoned(column)) return select(column, "timestamptz");
  return select(
    column,
    column.dataType.startsWith("timestamp") || column.dataType === "date" ? "timestamp" : "int8",
  );
}

const query = (table: string, selected: readonly Selected[], where = ""): CopyQuery => ({
  sql: `SELECT ${selected.map(({ sql }) => sql).join(", ")} FROM ${quotedTable(table)}${where}`,
  fields: selected.map(({ field }) => field),
});

/** Compared as the column's own type, so that an index on it can be used. Rows without a date pass and are counted. */
function spanCondition(date: PlannedColumn, span: Span): string {
  const name = quotedName(date.name);
  const bound = (day: Day): string =>
    isZoned(date)
      ? `(${quotedText(dayText(day))}::timestamp AT TIME ZONE ${quotedText(span.timeZone)})`
      : `${quotedText(dayText(day))}::${date.dataType === "date" ? "date" : "timestamp"}`;
  const since = span.from === undefined ? "" : `${name} >= ${bound(span.from)} AND `;
  return ` WHERE ${name} IS NULL OR (${since}${name} < ${bound(span.until)})`;
}

/** Columns: day, time, order, station, value. */
export const countsQuery = (plan: CountsPlan, span: Span): CopyQuery =>
  query(
    plan.table,
    [
      ...moment(plan.date, span.timeZone),
      order(plan.order),
      select(plan.stationId, "text"),
      value(plan.intensity),
    ],
    spanCondition(plan.date, span),
  );

/** Columns: day, time, order, avgTemp, maxTemp, minTemp, precipitation, wind. */
export const weatherQuery = (plan: WeatherPlan, span: Span): CopyQuery =>
  query(
    plan.table,
    [
      ...moment(plan.date, span.timeZone),
      order(plan.order),
      ...[plan.avgTemp, plan.maxTemp, plan.minTemp, plan.precipitation, plan.wind].map(value),
    ],
    spanCondition(plan.date, span),
  );

/** Columns: station, name, longitude, latitude. */
export const stationsQuery = (plan: StationsPlan): CopyQuery =>
  query(plan.table, [
    select(plan.stationId, "text"),
    plan.name === undefined
      ? { sql: "NULL::text", field: { name: "none", type: "text" } }
      : select(plan.name, "text"),
    value(plan.longitude),
    value(plan.latitude),
  ]);
