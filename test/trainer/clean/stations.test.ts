import { Buffer } from "node:buffer";

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { filterCounts, forEachCount, type DailyCounts } from "../../../trainer/clean/daily-counts.ts";
import { byteOrder, renameStations } from "../../../trainer/clean/stations.ts";
import { dayText, dayOf } from "../../../trainer/days.ts";
import { dailyCounts } from "../../support/builders.ts";

const inByteOrder = (ids: readonly string[]): string[] => byteOrder(ids).map((i) => ids[i] ?? "");

const listed = (counts: DailyCounts, ids: readonly string[]): string[] => {
  const found: string[] = [];
  forEachCount(counts, (day, station, count, entry) => {
    found.push(`${String(entry)}: ${dayText(day)} ${ids[station] ?? "?"} ${String(count)}`);
  });
  return found;
};

describe("byteOrder()", () => {
  test.each([
    { when: "upper case comes before lower case", ids: ["b", "a", "B"], sorted: ["B", "a", "b"] },
    { when: "a prefix comes first", ids: ["ab", "a", ""], sorted: ["", "a", "ab"] },
    { when: "digits are not numbers", ids: ["X10", "X9"], sorted: ["X10", "X9"] },
    { when: "accents come after all of ASCII", ids: ["é", "z"], sorted: ["z", "é"] },
    {
      when: "an emoji comes after U+FF5E, which JavaScript sorts behind it",
      ids: ["\u{1F600}", "\uFF5E", "\uE000"],
      sorted: ["\uE000", "\uFF5E", "\u{1F600}"],
    },
  ])("$when", ({ ids, sorted }) => {
    expect(inByteOrder(ids)).toEqual(sorted);
  });

  test("is the order of the UTF-8 bytes", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: "binary" })), (ids) => {
        const sorted = inByteOrder(ids).map((id) => Buffer.from(id).toString("hex"));
        expect(sorted).toEqual(sorted.toSorted());
      }),
    );
  });
});

describe("renameStations()", () => {
  test("sorts the entries of each day again and keeps the counts", () => {
    const { counts, ids } = dailyCounts([
      ["c", "2026-06-01", 1],
      ["a", "2026-06-01", 2],
      ["b", "2026-06-02", 3],
      ["c", "2026-06-02", 4],
    ]);
    expect(ids).toEqual(["c", "a", "b"]);
    expect(listed(renameStations(counts, byteOrder(ids)), ["a", "b", "c"])).toEqual([
      "0: 2026-06-01 a 2",
      "1: 2026-06-01 c 1",
      "2: 2026-06-02 b 3",
      "3: 2026-06-02 c 4",
    ]);
  });
});

describe("filterCounts()", () => {
  test("leaves no day behind that has lost its counts", () => {
    const { counts, ids } = dailyCounts([
      ["a", "2026-06-01", 1],
      ["a", "2026-06-02", 2],
      ["b", "2026-06-02", 3],
    ]);
    const kept = filterCounts(counts, (day, station) => day > dayOf("2026-06-01") && station === 1);
    expect(listed(kept, ids)).toEqual(["0: 2026-06-02 b 3"]);
    expect(kept.days).toEqual([dayOf("2026-06-02")]);
    expect([...kept.start]).toEqual([0, 1]);
  });
});
