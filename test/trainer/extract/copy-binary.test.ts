import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { CopyDecoder } from "../../../trainer/extract/copy-binary.ts";
import type { CopyField, RowCursor, WireType } from "../../../trainer/extract/copy-row.ts";
import { copyOf, header, int16, int32, int64, rowOf, trailer } from "./copy-bytes.ts";

const fields: readonly CopyField[] = [
  { name: "station_id", type: "text" },
  { name: "id", type: "int8" },
  { name: "intensity", type: "int4" },
];
const row = (text: string | null, id: bigint, value: number | null): Buffer =>
  rowOf(text === null ? null : Buffer.from(text), int64(id), value === null ? null : int32(value));

type Decoded = readonly [string | null, bigint, number | null];
const take = (cursor: RowCursor): Decoded => [
  cursor.isNull(0) ? null : cursor.text(0),
  (BigInt(cursor.int64High(1)) << 32n) + BigInt(cursor.int64Low(1)),
  cursor.isNull(2) ? null : cursor.int32(2),
];

function decode(chunks: readonly Buffer[]): readonly Decoded[] {
  const rows: Decoded[] = [];
  const decoder = new CopyDecoder(fields, (cursor) => rows.push(take(cursor)));
  for (const chunk of chunks) {
    // As a socket may: the memory is used again for something else.
    const lent = Buffer.from(chunk);
    decoder.write(lent);
    lent.fill(0xaa);
  }
  expect(decoder.end()).toBe(rows.length);
  return rows;
}

function split(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const anyRow = fc.tuple(
  fc.option(fc.string({ unit: "grapheme", maxLength: 300 })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.option(fc.integer()),
);

describe("CopyDecoder", () => {
  test("gives the same rows wherever the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (rows, cuts) => {
          const bytes = copyOf(...rows.map(([text, id, value]) => row(text, id, value)));
          expect(decode(split(bytes, cuts))).toEqual(rows);
        },
      ),
    );
  });

  test("reads byte by byte", () => {
    const bytes = copyOf(row("a", 1n, 2), row(null, -1n, null));
    expect(decode([...bytes].map((byte) => Buffer.from([byte])))).toEqual([
      ["a", 1n, 2],
      [null, -1n, null],
    ]);
  });

  test("skips a header extension and the flags that it may ignore", () => {
    const bytes = Buffer.concat([header(0x0000_00ff, Buffer.from("later")), row("a", 1n, 2), trailer()]);
    expect(decode([bytes])).toEqual([["a", 1n, 2]]);
  });

  test("reads a megabyte of text that comes in many chunks", () => {
    const text = "x".repeat(1024 * 1024);
    const bytes = copyOf(row(text, 1n, 2), row("b", 3n, 4));
    const cuts = Array.from({ length: 64 }, (_, index) => index * 16_500);
    expect(decode(split(bytes, cuts))).toEqual([
      [text, 1n, 2],
      ["b", 3n, 4],
    ]);
  });
});

describe("CopyDecoder refuses", () => {
  const tooLarge = Buffer.concat([int16(3), int32(17 * 1024 * 1024)]);
  test.each([
    { what: "something else than a COPY", bytes: Buffer.from("station,date\n1,2"), says: "signature" },
    { what: "unknown critical flags", bytes: header(0x0001_0000), says: "flags 0x10000" },
    {
      what: "a huge header extension",
      bytes: Buffer.concat([header().subarray(0, 15), int32(-1)]),
      says: "16 MiB",
    },
    {
      what: "another number of fields",
      bytes: copyOf(rowOf(int32(1))),
      says: "1 fields came, 3 were asked for",
    },
    {
      what: "a wrong length",
      bytes: copyOf(rowOf(Buffer.from("a"), int32(1), int32(1))),
      says: "4 bytes came for column id, which is not the length of a int8",
    },
    { what: "a negative length", bytes: Buffer.concat([header(), int16(3), int32(-7)]), says: "-7 bytes" },
    {
      what: "a row beyond the limit before it is there",
      bytes: Buffer.concat([header(), tooLarge]),
      says: "larger than 16 MiB",
    },
    {
      what: "bytes after the end",
      bytes: Buffer.concat([copyOf(), int16(0)]),
      says: "follow the end marker",
    },
    {
      what: "no end marker",
      bytes: Buffer.concat([header(), row("a", 1n, 2)]),
      says: "Cannot read row 2 of the COPY: the data end",
    },
    { what: "half a row at the end", bytes: copyOf(row("a", 1n, 2)).subarray(0, -5), says: "the data end" },
    { what: "nothing at all", bytes: Buffer.alloc(0), says: "the data end" },
    { what: "a chunk after the end", bytes: copyOf(), more: Buffer.from("x"), says: "follow the end marker" },
  ])("$what", ({ bytes, more = Buffer.alloc(0), says }) => {
    const work = () => decode([bytes, more]);
    expect(work).toThrow(expect.objectContaining({ reason: "UnreadableValue", exitCode: 65 }));
    expect(work).toThrow(says);
  });

  test("never throws anything but a RunFailure, whatever the bytes", () => {
    const work = (bytes: Uint8Array): string => {
      try {
        return String(decode([Buffer.concat([header(), bytes])]).length);
      } catch (error) {
        return error instanceof Error ? error.name : "not an error";
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(work(bytes)).toMatch(/^(RunFailure|\d+)$/);
      }),
    );
  });
});

describe("RowCursor", () => {
  const decodeOne = (type: WireType, value: Buffer | null, use: (cursor: RowCursor) => void): void => {
    new CopyDecoder([{ name: "column", type }], use).write(Buffer.concat([header(), rowOf(value)]));
  };

  test.each([
    { what: "a null", type: "int4" as const, value: null, use: (cursor: RowCursor) => cursor.int32(0) },
    {
      what: "a field that was not selected",
      type: "int4" as const,
      value: int32(1),
      use: (cursor: RowCursor) => cursor.int32(1),
    },
    {
      what: "a float as an integer",
      type: "float4" as const,
      value: int32(1),
      use: (cursor: RowCursor) => cursor.int32(0),
    },
    {
      what: "an integer as a float",
      type: "int4" as const,
      value: int32(1),
      use: (cursor: RowCursor) => cursor.float64(0),
    },
    {
      what: "an int4 as an int8",
      type: "int4" as const,
      value: int32(1),
      use: (cursor: RowCursor) => cursor.int64Low(0),
    },
  ])("takes asking for $what as a bug", ({ type, value, use }) => {
    expect(() => {
      decodeOne(type, value, use);
    }).toThrow(expect.objectContaining({ reason: "Bug" }));
  });

  test.each([
    { value: -(2n ** 53n), exact: -(2 ** 53) },
    { value: 2n ** 53n - 1n, exact: 2 ** 53 - 1 },
    { value: -1n, exact: -1 },
  ])("takes the int8 $value as a number", ({ value, exact }) => {
    expect.assertions(1);
    decodeOne("int8", int64(value), (cursor) => {
      expect(cursor.int64AsNumber(0)).toBe(exact);
    });
  });

  test.each([2n ** 53n, -(2n ** 53n) - 1n, 2n ** 63n - 1n])("refuses to round the int8 %s", (value) => {
    expect(() => {
      decodeOne("int8", int64(value), (cursor) => cursor.int64AsNumber(0));
    }).toThrow(`Cannot read column column in row 1: ${String(value)} is too large`);
  });

  test("refuses text that is not UTF-8", () => {
    expect(() => {
      decodeOne("text", Buffer.from([0xc3, 0x28]), (cursor) => cursor.text(0));
    }).toThrow(expect.objectContaining({ reason: "UnreadableValue" }));
  });
});
