import { describe, expect, test } from "@jest/globals";

import { demoOptions } from "../../../trainer/demo/options.ts";

describe("demoOptions()", () => {
  test("has an answer for everything that is not said", () => {
    expect(demoOptions([])).toEqual({
      data: undefined,
      stations: 40,
      years: 3,
      seed: 1,
      models: "models",
      json: undefined,
      features: undefined,
      run: undefined,
      keep: false,
    });
  });

  test("takes every option", () => {
    const words =
      "--data d --stations 5 --years 1.5 --seed 7 --models m --json j --features f --run r.yaml --keep";
    expect(demoOptions(words.split(" "))).toEqual({
      data: "d",
      stations: 5,
      years: 1.5,
      seed: 7,
      models: "m",
      json: "j",
      features: "f",
      run: "r.yaml",
      keep: true,
    });
  });

  test.each([
    { words: "--stations 0", says: "--stations is 0, expected a whole number above 0" },
    { words: "--stations -3", says: "--stations" },
    { words: "--stations 2.5", says: "--stations is 2.5, expected a whole number above 0" },
    { words: "--stations many", says: "--stations is many" },
    { words: "--stations=", says: "--stations is , expected" },
    { words: "--years 0", says: "--years is 0, expected a number above 0" },
    { words: "--years Infinity", says: "--years is Infinity" },
    { words: "--seed 1e400", says: "--seed is 1e400" },
    { words: "--statoins 5", says: "'--statoins'" },
    { words: "--json", says: "'--json <value>' argument missing" },
    { words: "--keep=yes", says: "'--keep' does not take an argument" },
    { words: "here", says: "'here'" },
  ])("refuses $words with the usage", ({ words, says }) => {
    expect(() => demoOptions(words.split(" "))).toThrow(
      expect.objectContaining({ reason: "BadConfiguration", message: expect.stringContaining(says) }),
    );
    expect(() => demoOptions(words.split(" "))).toThrow(/Usage: npm run demo -- \[--data DIR\]/);
  });
});
