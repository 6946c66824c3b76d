import { describe, expect, test } from "@jest/globals";

import { gateRuleNames, gateRules } from "../../../contract/gate-rules.ts";
import { GateReport } from "../../../contract/trainer-report.ts";
import type { Evidence } from "../../../trainer/gate/evidence.ts";
import { judge, publishedReason, rejection } from "../../../trainer/gate/judge.ts";
import { backtestWindow, champion, evaluation, limits, nothing, tooSmall } from "./evidence-of.ts";

const judged = (evidence: Partial<Evidence>, mode: "Enforce" | "Warn" | "Off" = "Enforce"): GateReport =>
  judge({ ...nothing, ...evidence }, limits({ mode }));

const better: Partial<Evidence> = {
  undecided: undefined,
  champion,
  evaluation: evaluation({ champion: 85 }),
};
const worse: Partial<Evidence> = { undecided: undefined, champion, evaluation: evaluation({ champion: 70 }) };

const decisions: readonly {
  when: string;
  evidence: Partial<Evidence>;
  decidedBy: string;
  why: string;
}[] = [
  {
    when: "the window can be judged",
    evidence: better,
    decidedBy: "window",
    why: "Candidate and champion were compared on 500 rows from 2026-11-01 to 2026-11-30, days that neither has trained on",
  },
  {
    when: "the window is too small, and the recipes were compared",
    evidence: { undecided: tooSmall, champion, backtest: [backtestWindow({ recipe: 80 })] },
    decidedBy: "backtest",
    why: `${tooSmall}, so the recipes of candidate and champion were compared on 400 rows of 1 earlier window, both trained again for each`,
  },
  {
    when: "it is the first run",
    evidence: {
      undecided: undefined,
      evaluation: evaluation({}),
      backtest: [backtestWindow(), backtestWindow()],
    },
    decidedBy: "skill",
    why: "There is no champion, so the candidate was compared with mean(lag_1, lag_7) only, on the days from 2026-11-01 to 2026-11-30 and 2 earlier windows",
  },
  {
    when: "a first run has a backtest only",
    evidence: { undecided: tooSmall, evaluation: evaluation({ rows: 40 }), backtest: [backtestWindow()] },
    decidedBy: "skill",
    why: "There is no champion, so the candidate was compared with mean(lag_1, lag_7) only, on 1 earlier window",
  },
  {
    when: "nothing but a few days is there to judge by",
    evidence: { undecided: tooSmall, champion, evaluation: evaluation({ champion: 1, rows: 40 }) },
    decidedBy: "skill",
    why: `${tooSmall}, so the candidate was compared with mean(lag_1, lag_7) only, on the days from 2026-11-01 to 2026-11-30`,
  },
  {
    when: "no row of the window is of a station that the champion knows",
    evidence: {
      undecided: undefined,
      champion,
      evaluation: evaluation({ candidate: NaN, champion: NaN, rows: 0 }),
    },
    decidedBy: "nothing",
    why: "No row of the gate window can be scored, and no earlier window has enough history, so the candidate was compared with nothing",
  },
  {
    when: "the history is short",
    evidence: {},
    decidedBy: "nothing",
    why: "The last 28 days have 40 rows, and no earlier window has enough history, so the candidate was compared with nothing",
  },
];

describe("judge()", () => {
  test.each(decisions)("when $when: $decidedBy", ({ evidence, decidedBy, why }) => {
    expect(judged(evidence)).toMatchObject({ passed: true, decidedBy, why, mode: "Enforce" });
  });

  test("every rule must pass", () => {
    const report = judged({ ...better, newData: { candidate: 10, final: 20, n: 9 } });
    expect(report.rules.map(({ name, passed }) => [name, passed])).toEqual([
      ["champion", true],
      ["skill", true],
      ["newData", false],
    ]);
    expect(report.passed).toBe(false);
  });

  test("reports what the contract can carry, with the champion where there is one", () => {
    for (const report of [judged(better), judged(worse), judged({})]) {
      expect(GateReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    }
    expect(judged(better).champion).toEqual(champion);
    expect(judged({})).not.toHaveProperty("champion");
  });

  test("asks nothing when it is off", () => {
    expect(judged(worse, "Off")).toMatchObject({
      mode: "Off",
      passed: true,
      decidedBy: "nothing",
      rules: [],
    });
    expect(judged(worse, "Off").why).toContain("gate.mode is Off");
  });

  test("a champion that was not scored on a window that is judged is a bug", () => {
    expect(() => judged({ ...better, evaluation: evaluation({}) })).toThrow(
      expect.objectContaining({ reason: "Bug" }),
    );
  });
});

describe("rejection()", () => {
  const rule = (name: (typeof gateRuleNames)[number], passed: boolean) =>
    ({ name, passed, value: 1, limit: 0, unit: "%", message: `About ${name}` }) as const;
  const report = (...failed: (typeof gateRuleNames)[number][]): GateReport => ({
    ...judged(better),
    passed: failed.length === 0,
    rules: gateRuleNames.map((name) => rule(name, !failed.includes(name))),
  });

  test.each(gateRuleNames)("a failed rule %s gives its own reason", (name) => {
    expect(rejection(report(name))).toEqual({ reason: gateRules[name].reason, message: `About ${name}` });
  });

  test("the first failed rule speaks, the others are named", () => {
    expect(rejection(report("stations", "newData", "skill"))).toEqual({
      reason: "TooLittleSkill",
      message: "About skill (also failed: stations, newData)",
    });
  });

  test("a rejection without a failed rule is a bug", () => {
    expect(() => rejection(report())).toThrow(expect.objectContaining({ reason: "Bug" }));
  });
});

describe("publishedReason()", () => {
  const byBacktest = judged({ undecided: tooSmall, champion, backtest: [backtestWindow({ recipe: 80 })] });

  test.each([
    { says: "passed on the window", report: judged(better), reason: "NewVersion" },
    { says: "passed on earlier windows", report: byBacktest, reason: "DecidedByBacktest" },
    { says: "failed in mode Warn", report: judged(worse, "Warn"), reason: "GateWarned" },
    { says: "nobody asked", report: judged(worse, "Off"), reason: "NewVersion" },
  ])("$says: $reason", ({ report, reason }) => {
    expect(publishedReason(report)).toBe(reason);
  });

  test.each([
    { says: "refused", report: judged(worse) },
    { says: "never judged", report: undefined },
  ])("to publish what was $says is a bug", ({ report }) => {
    expect(() => publishedReason(report)).toThrow(expect.objectContaining({ reason: "Bug" }));
  });
});
