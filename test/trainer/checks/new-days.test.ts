import { describe, expect, test } from "@jest/globals";

import { expectedDays, newDays, windowsOf, type DaySpan } from "../../../trainer/checks/new-days.ts";
import { dayOf, dayText } from "../../../trainer/days.ts";
import { constant, everyDay, facts, type CountRow } from "../../support/builders.ts";

const text = ({ from, to }: DaySpan): string => `${dayText(from)} to ${dayText(to)}`;
const since = (dataThrough: string) => ({
  champion: { version: "v", rows: 1, stations: 1, dataThrough: dayOf(dataThrough) },
});
/** From 2026-01-01; the newest count is of 2026-05-31. */
const rows = everyDay("a", "2026-01-01", constant(100, 151));

describe("the judged days", () => {
  test.each([
    { when: "a month is new", through: "2026-04-30", judged: "2026-05-01 to 2026-05-31" },
    { when: "a week is new", through: "2026-05-24", judged: "2026-05-25 to 2026-05-31" },
    { when: "one day is new", through: "2026-05-30", judged: "2026-05-25 to 2026-05-31" },
    { when: "everything is new", through: "2025-12-31", judged: "2026-01-01 to 2026-05-31" },
  ])("$when: $judged, and the 8 weeks before them", ({ through, judged }) => {
    const news = newDays(facts(rows, since(through)));
    expect(news === undefined ? "" : text(news.judged)).toBe(judged);
    expect(news?.before.to).toBe((news?.judged.from ?? 0) - 1);
    expect(news?.before.from).toBe((news?.judged.from ?? 0) - 56);
  });

  test.each([
    { when: "nothing has been counted since", known: facts(rows, since("2026-05-31")) },
    { when: "the counts end before the current version's", known: facts(rows, since("2026-06-02")) },
    { when: "there is no current version", known: facts(rows) },
    { when: "there is no count at all", known: facts([], since("2026-05-31")) },
  ])("there are none when $when", ({ known }) => {
    expect(newDays(known)).toBeUndefined();
  });
});

describe("windows of 7 days", () => {
  test.each([
    { from: "2026-05-18", windows: ["2026-05-25 to 2026-05-31", "2026-05-18 to 2026-05-24"] },
    { from: "2026-05-20", windows: ["2026-05-25 to 2026-05-31", "2026-05-20 to 2026-05-26"] },
    { from: "2026-05-25", windows: ["2026-05-25 to 2026-05-31"] },
    { from: "2026-05-29", windows: ["2026-05-29 to 2026-05-31"] },
  ])("from $from to 2026-05-31: $windows", ({ from, windows }) => {
    expect(windowsOf({ from: dayOf(from), to: dayOf("2026-05-31") }, 7).map(text)).toEqual(windows);
  });
});

/** The two baselines of the only station on a day, judged since 2026-05-01. */
function baselinesOn(day: string, counts: readonly CountRow[]): (number | undefined)[] {
  const news = newDays(facts(counts, since("2026-04-30")));
  if (news === undefined) throw new Error("There are no new days");
  const [found] = expectedDays(news, { from: dayOf(day), to: dayOf(day) });
  return found === undefined ? [] : found.baselines.map((baseline) => baseline[0]);
}

describe("the baselines of 2026-05-08, a Friday", () => {
  const judged = everyDay("a", "2026-05-01", constant(1, 31));

  test.each<{ what: string; before: CountRow[]; baselines: number[] }>([
    {
      what: "the mean of the Fridays of the 8 weeks before",
      before: [
        ["a", "2026-02-27", 1000], // A day too early.
        ["a", "2026-03-06", 50],
        ["a", "2026-04-24", 100],
        ["a", "2026-04-23", 9],
        ["a", "2026-04-25", 9],
      ],
      baselines: [75, NaN],
    },
    {
      what: "the count of 364 days earlier, also a Friday",
      before: [
        ["a", "2025-05-08", 9],
        ["a", "2025-05-09", 70],
        ["a", "2025-05-10", 9],
      ],
      baselines: [NaN, 70],
    },
    { what: "a zero is a count", before: [["a", "2026-04-24", 0]], baselines: [0, NaN] },
    { what: "none of a station that is new", before: [], baselines: [NaN, NaN] },
  ])("$what", ({ before, baselines }) => {
    expect(baselinesOn("2026-05-08", [...before, ...judged])).toEqual(baselines);
  });

  test("a day without counts is passed over", () => {
    const gap = judged.filter(([, day]) => day !== "2026-05-08");
    expect(baselinesOn("2026-05-08", gap)).toEqual([]);
  });

  test("a judged day is nobody's year before", () => {
    const long = everyDay("a", "2025-05-01", constant(1, 400));
    const news = newDays(facts(long, since("2025-05-31")));
    if (news === undefined) throw new Error("There are no new days");
    const known: string[] = [];
    for (const { day, baselines } of expectedDays(news, news.judged)) {
      if (!Number.isNaN(baselines[1][0])) known.push(dayText(day));
    }
    expect(known).toEqual(everyDay("", "2026-04-30", constant(0, 31)).map(([, day]) => day));
  });
});
