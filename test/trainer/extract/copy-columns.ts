import fc from "fast-check";

import type { RowCursor, WireType } from "../../../trainer/extract/copy-row.ts";

/** How a column is read, taken from the cursor, and asked for as text: PostgreSQL's own word for the same value. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly wire: WireType;
  readonly value: fc.Arbitrary<unknown>;
  readonly take: (row: RowCursor, field: number) => unknown;
  readonly text: string;
  readonly parse: (text: string) => unknown;
}

const float = (text: string): number => Number(text);
const micros = (row: RowCursor, field: number): unknown =>
  row.isInfinite(field)
    ? `${row.int64High(field) < 0 ? "-" : ""}infinity`
    : (BigInt(row.int64High(field)) << 32n) + BigInt(row.int64Low(field));
const finite = (text: string): unknown => (text.endsWith("infinity") ? text : BigInt(text));
// Not extract(epoch from ...) of the moment itself: it rounds the last microsecond of the year 294276.
const since2000 = (name: string, start: string): string =>
  `case when isfinite(${name}) then (extract(epoch from ${name} - ${start}) * 1000000)::int8::text else ${name}::text end`;

const two = (number: number): string => String(number).padStart(2, "0");
const day = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, date]) => `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`);
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999))
  .map(
    ([hour, minute, second, micro]) =>
      `${two(hour)}:${two(minute)}:${two(second)}.${String(micro).padStart(6, "0")}`,
  );
const moment = fc.tuple(day, time).map((parts) => parts.join(" "));
const ends = fc.constantFrom(
  "infinity",
  "-infinity",
  "0001-01-01",
  "4713-01-01 BC",
  "2000-01-01",
  "1999-12-31",
);
const last = fc.constantFrom("294276-12-31 23:59:59.999999", "1999-12-31 23:59:59.999999");
const words = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", ""));
const floats = (bits: 32 | 64): fc.Arbitrary<string> =>
  (bits === 32 ? fc.float() : fc.double()).map((value) => (Object.is(value, -0) ? "-0" : String(value)));

const int: Pick<Column, "take" | "parse"> = { take: (row, field) => row.int32(field), parse: Number };
const real: Pick<Column, "take" | "parse"> = { take: (row, field) => row.float64(field), parse: float };
const instant: Pick<Column, "take" | "parse"> = { take: micros, parse: finite };
const chars: Pick<Column, "take" | "parse"> = {
  take: (row, field) => row.text(field),
  parse: (text) => text,
};

export const columns: readonly Column[] = [
  { name: "b", type: "boolean", wire: "bool", value: fc.boolean(), text: "b::int::text", ...int },
  {
    name: "i2",
    type: "smallint",
    wire: "int2",
    value: fc.integer({ min: -32768, max: 32767 }),
    text: "i2::text",
    ...int,
  },
  { name: "i4", type: "integer", wire: "int4", value: fc.integer(), text: "i4::text", ...int },
  {
    name: "i8",
    type: "bigint",
    wire: "int8",
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    text: "i8::text",
    ...instant,
    take: (row, field) => (BigInt(row.int64High(field)) << 32n) + BigInt(row.int64Low(field)),
  },
  {
    name: "f4",
    type: "real",
    wire: "float4",
    value: floats(32),
    text: "f4::text",
    ...real,
    parse: (text) => Math.fround(Number(text)),
  },
  { name: "f8", type: "double precision", wire: "float8", value: floats(64), text: "f8::text", ...real },
  {
    name: "n",
    type: "numeric",
    wire: "float8",
    value: fc
      .tuple(fc.bigInt(), fc.nat(40))
      .map(([digits, places]) => `${String(digits)}e-${String(places)}`),
    text: "n::float8::text",
    ...real,
  },
  {
    name: "d",
    type: "date",
    wire: "date",
    value: fc.oneof(day, ends),
    text: "case when isfinite(d) then (d - date '2000-01-01')::text else d::text end",
    take: (row, field) =>
      row.isInfinite(field) ? `${row.int32(field) < 0 ? "-" : ""}infinity` : BigInt(row.int32(field)),
    parse: finite,
  },
  {
    name: "t",
    type: "timestamp",
    wire: "timestamp",
    value: fc.oneof(moment, ends, last),
    text: since2000("t", "timestamp '2000-01-01'"),
    ...instant,
  },
  {
    name: "tz",
    type: "timestamptz",
    wire: "timestamptz",
    value: fc.oneof(
      moment.map((at) => `${at}+05:30`),
      ends,
      last,
    ),
    text: since2000("tz", "timestamptz '2000-01-01T00:00Z'"),
    ...instant,
  },
  { name: "s", type: "text", wire: "text", value: words, text: "s", ...chars },
  { name: "v", type: "varchar(255)", wire: "text", value: words, text: "v", ...chars },
  {
    name: "u",
    type: "uuid",
    wire: "uuid",
    value: fc.uuid(),
    text: "replace(u::text, '-', '')",
    take: (row, field) => row.buffer.toString("hex", row.start(field), row.end(field)),
    parse: (text) => text,
  },
];
