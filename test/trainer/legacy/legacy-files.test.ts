import { describe, expect, test } from "@jest/globals";

import { legacyFiles, type LegacyFiles } from "../../../trainer/legacy/legacy-files.ts";
import { preprocessorOf, tinyModel } from "./published.ts";

const parameters = { maxDepth: 7, learningRate: 0.01, rounds: 1000, seed: 42, maxBin: 256 };
const filesFor = (ids: readonly string[]): LegacyFiles =>
  legacyFiles({ model: tinyModel("[1.5E3]"), parameters, preprocessor: preprocessorOf(ids) });

describe("legacyFiles()", () => {
  test("gives the same bytes for the same input", () => {
    expect(filesFor(["a", "b"])).toEqual(filesFor(["a", "b"]));
    expect(filesFor(["a", "b"])).not.toEqual(filesFor(["a", "c"]));
  });

  test("puts the model into the pickle whole, but for the brackets", () => {
    const file = Buffer.from(filesFor(["a"])["compat/xgboost_v1.pkl"]);
    expect(file.includes(Buffer.from(tinyModel("1.5E3")))).toBe(true);
  });

  test("accepts ids in byte order, also where JavaScript would sort otherwise", () => {
    expect(() => filesFor(["B", "a", "é", "\u{ffff}", "\u{1f6b2}"])).not.toThrow();
  });

  test.each([
    {
      says: "stations in the order of UTF-16",
      ids: ["\u{1f6b2}", "\u{ffff}"],
      why: /"\u{ffff}" .* byte order$/u,
    },
    { says: "a station twice", ids: ["a", "a"], why: /"a" .* byte order$/u },
    { says: "an id that NumPy would shorten", ids: ["a", "a\0"], why: /"a\\u0000" ends with a NUL/u },
    { says: "no stations", ids: [], why: /it has no station$/u },
  ])("refuses $says", ({ ids, why }) => {
    expect(() => filesFor(ids)).toThrow(why);
    expect(() => filesFor(ids)).toThrow(expect.objectContaining({ reason: "Bug" }));
  });
});
