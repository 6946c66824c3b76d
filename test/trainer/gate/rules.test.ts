import { describe, expect, test } from "@jest/globals";

import { gateRuleNames, type GateRuleName } from "../../../contract/gate-rules.ts";
import type { Gate } from "../../../contract/spec/gates.ts";
import type { Evidence } from "../../../trainer/gate/evidence.ts";
import { askRules } from "../../../trainer/gate/rules.ts";
import { asked, backtestWindow, champion, evaluation, limits, tooSmall } from "./evidence-of.ts";

const drift = (then: number, now: number): Partial<Evidence> => ({
  champion,
  drift: { from: "2026-10-04", to: "2026-10-31", then, now, n: 300, nThen: 300 },
});
const newData = (candidate: number, final: number): Partial<Evidence> => ({
  newData: { candidate, final, n: 300 },
});
const against = (candidate: number, ofChampion = 100): Partial<Evidence> => ({
  champion,
  evaluation: evaluation({ candidate, champion: ofChampion, naive: 200 }),
});
/** Windows with so many percent of skill. */
const skills = (...percents: number[]): Partial<Evidence> => ({
  backtest: percents.map((percent, i) =>
    backtestWindow({ candidate: 100 - percent, from: `2026-0${String(9 - i)}-01` }),
  ),
});

const cases: readonly {
  name: GateRuleName;
  says: string;
  at: Partial<Evidence>;
  beyond: Partial<Evidence>;
  gate?: Partial<Gate>;
  value: number;
  limit: number;
  words: string[];
}[] = [
  {
    name: "champion",
    says: "5 % above the champion",
    at: against(105),
    beyond: against(105.1),
    value: 105.1,
    limit: 105,
    words: ["105.1 counts a day, the champion's 100", "at most 105", "2026-11-01 to 2026-11-30"],
  },
  {
    name: "champion",
    says: "another tolerance",
    at: against(110),
    beyond: against(110.01),
    gate: { tolerancePercent: 10 },
    value: 110.01,
    limit: 110,
    words: ["gate.tolerancePercent 10"],
  },
  {
    name: "champion",
    says: "no tolerance, and a champion without any error",
    at: against(0, 0),
    beyond: against(0.01, 0),
    gate: { tolerancePercent: 0 },
    value: 0.01,
    limit: 0,
    words: ["at most 0 "],
  },
  {
    name: "skill",
    says: "5 % below mean(lag_1, lag_7)",
    at: { evaluation: evaluation({ candidate: 95 }) },
    beyond: { evaluation: evaluation({ candidate: 95.5 }) },
    value: 4.5,
    limit: 5,
    words: ["4.5 % below the 100", "at least 5 % below", "gate.minSkillPercent"],
  },
  {
    name: "skill",
    says: "a tenth below, which no binary fraction is",
    at: { evaluation: evaluation({ candidate: 90 }) },
    beyond: { evaluation: evaluation({ candidate: 110 }) },
    gate: { minSkillPercent: 10 },
    value: -10,
    limit: 10,
    words: ["10 % above the 100"],
  },
  {
    name: "backtest",
    says: "on average 5 % below",
    at: skills(15, 10, -10),
    beyond: skills(14, 10, -10),
    value: 14 / 3,
    limit: 5,
    words: ["On 3 earlier windows", "on average 4.67 % below", "gate.minSkillPercent"],
  },
  {
    name: "backtest",
    says: "the mean of as many windows as there are",
    at: skills(12, -2),
    beyond: skills(11, -2),
    value: 4.5,
    limit: 5,
    words: ["On 2 earlier windows"],
  },
  {
    name: "backtest",
    says: "one window 10 % above",
    at: skills(50, 50, -10),
    beyond: skills(50, 50, -11),
    value: -11,
    limit: -10,
    words: [
      "From 2026-07-01 to 2026-10-31",
      "11 % above",
      "at most 10 % above",
      "gate.maxBacktestLossPercent",
    ],
  },
  {
    name: "history",
    says: "half as much again",
    at: drift(20, 30),
    beyond: drift(20, 31),
    value: 155,
    limit: 150,
    words: [
      "2026-10-04 to 2026-10-31",
      "is 31 counts a day on 300 rows and was 20 on 300",
      "155 %",
      "at most 150 %",
      "spec.force",
    ],
  },
  {
    name: "history",
    says: "a champion that fitted perfectly: errors below one count are not compared",
    at: drift(0, 1.5),
    beyond: drift(0, 1.6),
    value: 160,
    limit: 150,
    words: ["160 %"],
  },
  {
    name: "newData",
    says: "15 % more than without the new days",
    at: newData(20, 23),
    beyond: newData(20, 24),
    value: 120,
    limit: 115,
    words: ["300 rows", "is 24 counts a day", "120 %", "at most 115 %", "source.exclude"],
  },
  {
    name: "newData",
    says: "a perfect candidate",
    at: newData(0, 1.15),
    beyond: newData(0, 1.2),
    value: 120,
    limit: 115,
    words: [],
  },
];

describe("each rule", () => {
  test.each(cases)("$name: $says is the limit", ({ name, at, beyond, gate, value, limit, words }) => {
    expect(asked(name, at, gate)).toMatchObject({ passed: true });
    const failed = asked(name, beyond, gate);
    expect(failed).toMatchObject({ passed: false, unit: name === "champion" ? "counts" : "%" });
    expect(failed?.value).toBeCloseTo(value, 9);
    expect(failed?.limit).toBeCloseTo(limit, 9);
    for (const word of words) expect(failed?.message).toContain(word);
  });

  test("speaks in one sentence, passed or not", () => {
    const messages = cases.flatMap(({ name, at, beyond, gate }) =>
      [at, beyond].map((evidence) => asked(name, evidence, gate)?.message ?? ""),
    );
    for (const message of messages) expect(message).toMatch(/^[A-Z][^\n]+[^.]$/);
    expect(messages.join()).not.toMatch(/NaN|undefined|null/);
  });
});

describe("the champion's rule where the window is too small", () => {
  const recipes = (...windows: [candidate: number, recipe: number, rows: number][]): Partial<Evidence> => ({
    champion,
    undecided: tooSmall,
    evaluation: evaluation({ candidate: 500, champion: 100, rows: 40 }),
    backtest: windows.map(([candidate, recipe, rows]) =>
      backtestWindow({ candidate, recipe, rows, naive: 500 }),
    ),
  });

  test("compares the recipes over the rows of all windows, not the few days", () => {
    // (100·400 + 200·100) / 500 = 120 against (100·400 + 170·100) / 500 = 114, allowed 119.7
    const rule = asked("champion", recipes([100, 100, 400], [200, 170, 100]));
    expect(rule).toMatchObject({ passed: false, value: 120, unit: "counts" });
    expect(rule?.limit).toBeCloseTo(119.7, 9);
    expect(rule?.message).toContain("500 rows of 2 earlier windows");
    expect(asked("champion", recipes([100, 100, 400], [198.5, 170, 100]))?.passed).toBe(true);
  });

  test("leaves out windows on which the champion's recipe was not tried", () => {
    const { backtest = [], ...rest } = recipes([100, 100, 400]);
    const rule = asked("champion", { ...rest, backtest: [...backtest, backtestWindow({ candidate: 999 })] });
    expect(rule).toMatchObject({ passed: true, value: 100 });
  });

  test("a large window decides, whatever earlier windows say", () => {
    const { backtest = [] } = recipes([200, 100, 400]);
    expect(asked("champion", { ...against(90), backtest })).toMatchObject({ passed: true, value: 90 });
  });
});

const everything: Evidence = {
  champion,
  undecided: undefined,
  evaluation: evaluation({ champion: 80, stations: [{ station: "a", candidate: 10, champion: 10 }] }),
  backtest: [backtestWindow({ recipe: 80 })],
  ...drift(20, 20),
  ...newData(20, 20),
};

describe("askRules()", () => {
  const names = (differs: Partial<Evidence>): string[] =>
    askRules({ ...everything, ...differs }, limits()).map(({ name }) => name);
  const without = (...left: GateRuleName[]): string[] => gateRuleNames.filter((name) => !left.includes(name));

  test.each<{ when: string; differs: Partial<Evidence>; left: GateRuleName[] }>([
    { when: "nothing is missing", differs: {}, left: [] },
    { when: "there is no champion", differs: { champion: undefined }, left: ["champion", "stations"] },
    { when: "the window is too small", differs: { undecided: tooSmall }, left: ["skill", "stations"] },
    {
      when: "the window is too small and there is no backtest",
      differs: { undecided: tooSmall, backtest: [] },
      left: ["champion", "stations", "backtest"],
    },
    { when: "there is no backtest", differs: { backtest: [] }, left: ["backtest"] },
    {
      when: "there is no evaluation, and the recipes were not compared",
      differs: { undecided: tooSmall, evaluation: undefined, backtest: [backtestWindow()] },
      left: ["champion", "skill", "stations"],
    },
    {
      when: "no row of the window could be scored",
      differs: { evaluation: evaluation({ rows: 0, candidate: NaN, champion: NaN }), backtest: [] },
      left: ["champion", "skill", "stations", "backtest"],
    },
    { when: "the champion was not asked again", differs: { drift: undefined }, left: ["history"] },
    {
      when: "the champion was published with too few rows to ask it again",
      differs: { drift: { from: "", to: "", then: 1, now: 99, n: 199, nThen: 199 } },
      left: ["history"],
    },
    { when: "the final model does not exist yet", differs: { newData: undefined }, left: ["newData"] },
    {
      when: "no row lies before the window",
      differs: { newData: { candidate: NaN, final: NaN, n: 0 } },
      left: ["newData"],
    },
  ])("when $when, asks what can be asked, in the order of the table", ({ differs, left }) => {
    expect(names(differs)).toEqual(without(...left));
  });
});

test.each([
  { left: 0, now: NaN, passed: false },
  { left: 149, now: 20, passed: false },
  { left: 150, now: 20, passed: true },
])("history: of 300 rows $left are left", ({ left, now, passed }) => {
  const drift = { from: "2026-10-04", to: "2026-10-31", then: 20, now, n: left, nThen: 300 };
  const found = asked("history", { champion, drift });
  expect(found?.passed).toBe(passed);
  expect(found?.message.includes(`${String(left)} of its 300 rows are left`)).toBe(!passed);
});
