import { RunFailure } from "../errors.ts";
import { CopyRow, VARIABLE, wireWidths, type CopyField, type RowCursor } from "./copy-row.ts";

/** "PGCOPY\n\377\r\n\0", then 32 flag bits and the length of an extension that a reader may skip. */
const signature = Buffer.from("5047434f50590aff0d0a00", "hex");
const HEADER_BYTES = signature.length + 8;
/** Bits 0-15 of the flags may be ignored; any other changes the format (bit 16: rows carry object ids). */
const CRITICAL_FLAGS = 0xffff_0000;
const TRAILER = -1;
const MAX_ROW_BYTES = 16 * 1024 * 1024;
const INCOMPLETE = -1;

/**
 * Reads the bytes of `COPY ... TO STDOUT (FORMAT binary)` in chunks of any size and calls `onRow` once per row.
 * Format: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY-FORMAT
 *
 * Only the unfinished row at the end of a chunk is copied. Anything that is not the declared fields ends in a
 * RunFailure UnreadableValue, after which the decoder cannot be used any more.
 */
export class CopyDecoder {
  readonly #fields: readonly CopyField[];
  readonly #widths: Int32Array;
  readonly #row: CopyRow;
  readonly #onRow: (row: RowCursor) => void;
  #state: "header" | "rows" | "done" = "header";
  #rows = 0;
  /** Bytes kept until as many as `#needed` are there, so that a large value is joined once, not once per chunk. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #needed = 0;

  constructor(fields: readonly CopyField[], onRow: (row: RowCursor) => void) {
    this.#fields = fields;
    this.#widths = Int32Array.from(fields, (field) => wireWidths[field.type]);
    this.#row = new CopyRow(fields);
    this.#onRow = onRow;
  }

  write(chunk: Buffer): void {
    const bytes = this.#joined(chunk);
    if (bytes === undefined) return;

    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const body = this.#state === "header" ? this.#readHeader(bytes, view) : 0;
    const used = this.#state === "header" ? 0 : this.#readRows(bytes, view, body);
    if (used < bytes.length) this.#keep(bytes.subarray(used));
  }

  /** To be called after the last chunk; returns the number of rows. */
  end(): number {
    if (this.#state !== "done") throw this.#refuse("the data end before the end marker");
    return this.#rows;
  }

  #joined(chunk: Buffer): Buffer | undefined {
    if (this.#keptBytes === 0) return chunk;
    if (this.#keptBytes + chunk.length < this.#needed) {
      this.#keep(chunk);
      return undefined;
    }
    const bytes = Buffer.concat([...this.#kept, chunk]);
    this.#kept = [];
    this.#keptBytes = 0;
    return bytes;
  }

  #keep(rest: Buffer): void {
    // A copy: a view would hold the whole chunk in memory, and the stream may use its memory again.
    this.#kept.push(Buffer.from(rest));
    this.#keptBytes += rest.length;
  }

  #readHeader(bytes: Buffer, view: DataView): number {
    const seen = Math.min(bytes.length, signature.length);
    if (signature.compare(bytes, 0, seen, 0, seen) !== 0) throw this.#refuse("the signature is missing");
    if (bytes.length < HEADER_BYTES) return this.#wait(HEADER_BYTES);

    const flags = view.getUint32(signature.length);
    if ((flags & CRITICAL_FLAGS) !== 0) throw this.#refuse(`the flags 0x${flags.toString(16)} are not known`);
    const body = HEADER_BYTES + view.getUint32(signature.length + 4);
    if (bytes.length < body) return this.#wait(body);

    this.#state = "rows";
    return body;
  }

  /** Returns the offset of the first byte that does not belong to a whole row. */
  #readRows(bytes: Buffer, view: DataView, from: number): number {
    this.#row.attach(bytes, view);
    let at = from;
    while (this.#state === "rows") {
      const next = this.#readRow(view, at);
      if (next === INCOMPLETE) return at;
      at = next;
    }
    if (at < bytes.length) throw this.#refuse("data follow the end marker");
    return at;
  }

  #readRow(view: DataView, start: number): number {
    const end = view.byteLength;
    if (start + 2 > end) return this.#wait(2);
    const count = view.getInt16(start);
    if (count !== this.#widths.length) return this.#readTrailer(count, start);

    let at = start + 2;
    for (let field = 0; field < count; field++) {
      if (at + 4 > end) return this.#wait(at + 4 - start);
      const length = view.getInt32(at);
      at += 4;
      if (length === -1) {
        this.#row.setNull(field);
        continue;
      }
      if (length !== this.#widths[field]) this.#checkLength(field, length);
      this.#row.setValue(field, at, length);
      at += length;
    }
    if (at > end) return this.#wait(at - start);

    this.#deliver();
    return at;
  }

  #deliver(): void {
    this.#rows++;
    this.#row.number = this.#rows;
    this.#onRow(this.#row);
  }

  #readTrailer(count: number, start: number): number {
    if (count !== TRAILER) {
      throw this.#refuse(`${String(count)} fields came, ${String(this.#fields.length)} were asked for`);
    }
    this.#state = "done";
    return start + 2;
  }

  #checkLength(field: number, length: number): void {
    if (this.#widths[field] === VARIABLE && length >= 0) return;
    const { name, type } = this.#fields[field] ?? { name: String(field), type: "unknown" };
    throw this.#refuse(
      `${String(length)} bytes came for column ${name}, which is not the length of a ${type}`,
    );
  }

  #wait(bytes: number): typeof INCOMPLETE {
    if (bytes > MAX_ROW_BYTES) {
      throw this.#refuse(`it is larger than ${String(MAX_ROW_BYTES / 1024 / 1024)} MiB`);
    }
    this.#needed = bytes;
    return INCOMPLETE;
  }

  #refuse(why: string): RunFailure {
    const row = String(this.#rows + 1);
    return new RunFailure(
      "UnreadableValue",
      `Cannot read row ${row} of the COPY: ${why}; check the columns and types that are mapped in the spec`,
    );
  }
}
