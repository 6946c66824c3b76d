import { Buffer } from "node:buffer";

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { StationCodes } from "../../../trainer/extract/station-codes.ts";

/** Codes of ids that stand in the middle of other bytes, as in a row. */
const codesOf = (codes: StationCodes, ids: readonly string[]): number[] =>
  ids.map((id) => {
    const bytes = Buffer.from(`<<${id}>>`, "utf8");
    return codes.codeOf(bytes, 2, bytes.length - 2);
  });

describe("StationCodes", () => {
  test("numbers ids in the order of first appearance", () => {
    const codes = new StationCodes();
    expect(codesOf(codes, ["b", "a", "b", "", "a", "ab", ""])).toEqual([0, 1, 0, 2, 1, 3, 2]);
    expect(codes.ids).toEqual(["b", "a", "", "ab"]);
  });

  test("does as a Map does, for any ids", () => {
    const few = fc.string({ unit: "binary", maxLength: 2 });
    fc.assert(
      fc.property(fc.array(fc.oneof(few, fc.string({ unit: "binary" }))), (ids) => {
        const known = new Map<string, number>();
        for (const id of ids) if (!known.has(id)) known.set(id, known.size);
        const codes = new StationCodes();
        expect(codesOf(codes, ids)).toEqual(ids.map((id) => known.get(id)));
        expect(codes.ids).toEqual([...known.keys()]);
      }),
    );
  });

  test("keeps its numbers while it grows", () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `urn:ngsi-ld:EcoCounter:X2H${String(i)}`);
    const codes = new StationCodes();
    expect(codesOf(codes, ids)).toEqual([...ids.keys()]);
    expect(codesOf(codes, ids.toReversed())).toEqual([...ids.keys()].reverse());
    expect(codes.ids).toEqual(ids);
  });

  test("does not depend on the buffer afterwards", () => {
    const codes = new StationCodes();
    const bytes = Buffer.from("station");
    codes.codeOf(bytes, 0, bytes.length);
    bytes.fill(0);
    expect(codesOf(codes, ["station"])).toEqual([0]);
  });

  test("a byte order mark tells two ids apart", () => {
    const codes = new StationCodes();
    expect(codesOf(codes, ["a", "\uFEFFa"])).toEqual([0, 1]);
    expect(codes.ids).toEqual(["a", "\uFEFFa"]);
  });

  test("refuses bytes that are no text, instead of making two ids one", () => {
    const codes = new StationCodes();
    expect(() => codes.codeOf(Uint8Array.of(0x61, 0xff), 0, 2)).toThrow("not valid");
  });
});
