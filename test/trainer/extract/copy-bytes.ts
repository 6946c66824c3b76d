/** Builds what `COPY ... (FORMAT binary)` sends, after the documentation and independent of the decoder. */
export const header = (flags = 0, extension = Buffer.alloc(0)): Buffer =>
  Buffer.concat([
    Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"),
    int32(flags),
    int32(extension.length),
    extension,
  ]);

export const trailer = (): Buffer => int16(-1);

export const rowOf = (...fields: readonly (Buffer | null)[]): Buffer =>
  Buffer.concat([
    int16(fields.length),
    ...fields.map((value) => (value === null ? int32(-1) : sized(value))),
  ]);

export const copyOf = (...rows: readonly Buffer[]): Buffer => Buffer.concat([header(), ...rows, trailer()]);

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

const sized = (value: Buffer): Buffer => Buffer.concat([int32(value.length), value]);
