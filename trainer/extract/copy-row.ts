import { RunFailure } from "../errors.ts";

/**
 * The types that can be selected in a COPY; anything else is cast to one of them in SQL.
 * The number is the length in bytes on the wire, VARIABLE where each value has its own.
 */
export const VARIABLE = -2;
export const wireWidths = {
  bool: 1,
  int2: 2,
  int4: 4,
  int8: 8,
  float4: 4,
  float8: 8,
  date: 4,
  timestamp: 8,
  timestamptz: 8,
  uuid: 16,
  text: VARIABLE,
} as const satisfies Record<string, number>;
export type WireType = keyof typeof wireWidths;

/** One selected column, in the order of the SELECT; `name` is for messages only. */
export interface CopyField {
  readonly name: string;
  readonly type: WireType;
}

/**
 * The row being read. One object serves all rows, so nothing is allocated per row: take values out of it before
 * the callback returns. Asking for a field that is null or not selected is a bug of the caller.
 */
export interface RowCursor {
  /** 1 for the first row. */
  readonly number: number;
  /** The bytes in which `start(i)` and `end(i)` are offsets; they belong to this row only until the callback returns. */
  readonly buffer: Buffer;
  isNull(field: number): boolean;
  /** Whether the column is an int2 or int4, to be taken with `int32`. */
  isInteger(field: number): boolean;
  /** bool (0 or 1), int2, int4, or a date as days since 2000-01-01. */
  int32(field: number): number;
  /** float4 or float8. */
  float64(field: number): number;
  /** The upper half of an int8 or a timestamp (microseconds since 2000-01-01), signed. */
  int64High(field: number): number;
  /** The lower half, unsigned. */
  int64Low(field: number): number;
  /** An int8, or the microseconds of a timestamp. UnreadableValue where a double cannot hold it exactly (beyond ±2^53). */
  int64AsNumber(field: number): number;
  /** A date or timestamp of 'infinity' or '-infinity'. */
  isInfinite(field: number): boolean;
  start(field: number): number;
  end(field: number): number;
  /** Allocates a string. UnreadableValue where the bytes are not UTF-8 (a database with encoding SQL_ASCII). */
  text(field: number): string;
  /** What is wrong with one value of this row, for rules of the caller's own; to be thrown. */
  unreadable(field: number, why: string, cause?: unknown): RunFailure;
}

const NULL = -1;
/** How a value is taken out; asking in another way is a bug, which must not end in a wrong number. */
const SMALL = 1;
const INTEGER = 2;
const FLOAT = 3;
const LARGE = 4;
const BYTES = 5;
const kinds = {
  bool: SMALL,
  date: SMALL,
  int2: INTEGER,
  int4: INTEGER,
  float4: FLOAT,
  float8: FLOAT,
  int8: LARGE,
  timestamp: LARGE,
  timestamptz: LARGE,
  uuid: BYTES,
  text: BYTES,
} as const satisfies Record<WireType, number>;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The decoder's side of the cursor: it points the row at the next bytes. */
export class CopyRow implements RowCursor {
  number = 1;
  buffer: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  readonly #fields: readonly CopyField[];
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;

  constructor(fields: readonly CopyField[]) {
    this.#fields = fields;
    this.#kinds = Uint8Array.from(fields, (field) => kinds[field.type]);
    this.#starts = new Int32Array(fields.length).fill(NULL);
    this.#lengths = new Int32Array(fields.length);
  }

  attach(buffer: Buffer, view: DataView): void {
    this.buffer = buffer;
    this.#view = view;
  }

  setNull(field: number): void {
    this.#starts[field] = NULL;
  }

  setValue(field: number, start: number, length: number): void {
    this.#starts[field] = start;
    this.#lengths[field] = length;
  }

  isNull(field: number): boolean {
    return this.#starts[field] === NULL;
  }

  isInteger(field: number): boolean {
    return this.#kinds[field] === INTEGER;
  }

  int32(field: number): number {
    const at = this.start(field);
    const kind = this.#kinds[field];
    if (kind !== INTEGER && kind !== SMALL) throw this.#misuse(field);
    const length = this.#lengths[field];
    if (length === 4) return this.#view.getInt32(at);
    return length === 2 ? this.#view.getInt16(at) : this.#view.getUint8(at);
  }

  float64(field: number): number {
    const at = this.start(field);
    if (this.#kinds[field] !== FLOAT) throw this.#misuse(field);
    return this.#lengths[field] === 8 ? this.#view.getFloat64(at) : this.#view.getFloat32(at);
  }

  int64High(field: number): number {
    return this.#view.getInt32(this.#startOfLarge(field));
  }

  int64Low(field: number): number {
    return this.#view.getUint32(this.#startOfLarge(field) + 4);
  }

  int64AsNumber(field: number): number {
    const high = this.int64High(field);
    if (high >= -0x20_0000 && high < 0x20_0000) return high * 0x1_0000_0000 + this.int64Low(field);
    const value = this.#view.getBigInt64(this.start(field));
    throw this.unreadable(field, `${String(value)} is too large for a double, which is exact up to 2^53`);
  }

  isInfinite(field: number): boolean {
    const high = this.#view.getInt32(this.start(field));
    if (high !== 0x7fff_ffff && high !== -0x8000_0000) return false;
    return this.#lengths[field] === 4 || this.int64Low(field) === (high < 0 ? 0 : 0xffff_ffff);
  }

  start(field: number): number {
    const at = this.#starts[field];
    if (at === undefined || at === NULL) throw this.#misuse(field);
    return at;
  }

  end(field: number): number {
    return this.start(field) + (this.#lengths[field] ?? 0);
  }

  text(field: number): string {
    try {
      return utf8.decode(this.buffer.subarray(this.start(field), this.end(field)));
    } catch (cause) {
      if (cause instanceof RunFailure) throw cause;
      throw this.unreadable(field, "the text is not valid UTF-8", cause);
    }
  }

  unreadable(field: number, why: string, cause?: unknown): RunFailure {
    const column = this.#fields[field]?.name ?? String(field);
    return new RunFailure(
      "UnreadableValue",
      `Cannot read column ${column} in row ${String(this.number)}: ${why}; correct the value or exclude the row`,
      { cause },
    );
  }

  #startOfLarge(field: number): number {
    if (this.#kinds[field] !== LARGE) throw this.#misuse(field);
    return this.start(field);
  }

  #misuse(field: number): RunFailure {
    const { name, type } = this.#fields[field] ?? { name: `number ${String(field)}`, type: "not selected" };
    return new RunFailure(
      "Bug",
      `Cannot take column ${name} (${type}) from row ${String(this.number)}: it is null or of another type; report it`,
    );
  }
}
