import { describe, expect, test } from "@jest/globals";

import type { Gate } from "../../../contract/spec/gates.ts";
import type { GateRule } from "../../../contract/trainer-report.ts";
import { asked, champion, evaluation, type StationMae } from "./evidence-of.ts";

const rule = (stations: readonly StationMae[], gate: Partial<Gate> = {}): GateRule | undefined =>
  asked("stations", { champion, evaluation: evaluation({ champion: 80, stations }) }, gate);

const same = (count: number): StationMae[] =>
  Array.from({ length: count }, (_, i) => ({ station: `same ${String(i)}`, candidate: 40, champion: 40 }));

describe("a station is clearly worse", () => {
  test.each([
    { says: "by more than 25 % and 5 counts", candidate: 51, ofChampion: 40, worse: true },
    { says: "not at 25 % exactly", candidate: 50, ofChampion: 40, worse: false },
    { says: "not by 5 counts exactly, however much that is", candidate: 6, ofChampion: 1, worse: false },
    { says: "by a little more than 5 counts", candidate: 6.1, ofChampion: 1, worse: true },
    { says: "not by many counts of very many", candidate: 1200, ofChampion: 1000, worse: false },
    { says: "not when better", candidate: 10, ofChampion: 40, worse: false },
    { says: "of a champion without any error", candidate: 5.1, ofChampion: 0, worse: true },
  ])("$says", ({ candidate, ofChampion, worse }) => {
    const found = rule([{ station: "a", candidate, champion: ofChampion }]);
    expect(found).toMatchObject({ value: worse ? 100 : 0, passed: !worse, limit: 20, unit: "%" });
  });

  test("by limits that can be changed", () => {
    const gate = { worseStationPercent: 110, worseStationCounts: 2 };
    const station = (candidate: number): StationMae => ({ station: "a", candidate, champion: 40 });
    expect(rule([station(44)], gate)?.value).toBe(0);
    expect(rule([station(44.1)], gate)?.value).toBe(100);
  });
});

describe("the stations' rule", () => {
  const worse = (count: number): StationMae[] =>
    Array.from({ length: count }, (_, i) => ({
      station: `worse ${String(i)}`,
      candidate: 60 + 10 * i,
      champion: 40,
    }));

  test("passes with one of five, and not with two of nine", () => {
    expect(rule([...worse(1), ...same(4)])).toMatchObject({ passed: true, value: 20 });
    expect(rule([...worse(2), ...same(7)])).toMatchObject({ passed: false, value: 200 / 9 });
  });

  test("names the worst ones first, but not all", () => {
    const message = rule(worse(5))?.message;
    expect(message).toContain("5 of 5 stations are clearly worse");
    expect(message).toContain(
      "worse 4 (MAE 100 instead of 40), worse 3 (MAE 90 instead of 40), worse 2 (MAE 80",
    );
    expect(message).not.toContain("worse 1");
  });

  test("counts stations with days enough, and those that the champion knows", () => {
    const few = worse(9).map((station) => ({ ...station, days: 13 }));
    const unknown = Array.from({ length: 9 }, (_, i) => ({ station: `new ${String(i)}`, candidate: 999 }));
    const enough = { station: "b", candidate: 40, champion: 40, days: 14 };
    expect(rule([...few, ...unknown, enough])).toMatchObject({ passed: true, value: 0 });
    expect(rule([...few, enough], { minDays: 13 })).toMatchObject({ passed: false, value: 90 });
    expect(rule([...few, ...unknown])).toBeUndefined();
    expect(rule([])).toBeUndefined();
  });
});
