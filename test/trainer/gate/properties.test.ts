import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { BacktestWindow, Evaluation, Metrics } from "../../../contract/trainer-report.ts";
import type { Evidence } from "../../../trainer/gate/evidence.ts";
import { judge } from "../../../trainer/gate/judge.ts";
import { backtestWindow, champion, evaluation, limits, tooSmall } from "./evidence-of.ts";

const mae = fc.double({ min: 0.5, max: 300, noNaN: true });
const station = fc.record({ station: fc.constant("a"), candidate: mae, champion: mae, days: fc.nat(30) });
const window = fc.record({ candidate: mae, recipe: mae, naive: mae, rows: fc.integer({ min: 1, max: 900 }) });

/** Runs with a champion: with a window or without, with earlier windows or without. */
const evidences: fc.Arbitrary<Evidence> = fc.record({
  champion: fc.constant(champion),
  undecided: fc.constantFrom(undefined, tooSmall),
  evaluation: fc
    .record({ candidate: mae, champion: mae, naive: mae, stations: fc.array(station, { maxLength: 5 }) })
    .map(evaluation),
  backtest: fc.array(window.map(backtestWindow), { maxLength: 3 }),
});

const times = (metrics: Metrics, factor: number): Metrics => ({ ...metrics, mae: metrics.mae * factor });
const skill = (candidate: Metrics, naive: Metrics): number => 100 * (1 - candidate.mae / naive.mae);

/** The same run with a candidate whose every error is `factor` times as large. */
function withErrors({ evaluation: window, backtest, ...rest }: Evidence, factor: number): Evidence {
  return {
    ...rest,
    evaluation: window && {
      ...scaled(window, factor),
      stations: window.stations.map((one) => ({ ...one, candidate: times(one.candidate, factor) })),
    },
    backtest: backtest.map((one) => scaled(one, factor)),
  };
}

function scaled<Scored extends Evaluation | BacktestWindow>(one: Scored, factor: number): Scored {
  const candidate = times(one.candidate, factor);
  return { ...one, candidate, skillPercent: skill(candidate, one.naive) };
}

const passes = (evidence: Evidence): boolean => judge(evidence, limits()).passed;

describe("the gate", () => {
  test("never refuses a candidate because it is better", () => {
    fc.assert(
      fc.property(evidences, fc.double({ min: 0, max: 1, noNaN: true }), (evidence, factor) => {
        fc.pre(passes(evidence));
        expect(passes(withErrors(evidence, factor))).toBe(true);
      }),
    );
  });

  test("refuses any candidate that is bad enough", () => {
    fc.assert(
      fc.property(evidences, (evidence) => {
        expect(passes(withErrors(evidence, 1000))).toBe(false);
      }),
    );
  });

  test("lets a candidate pass whose error is exactly what is allowed", () => {
    fc.assert(
      fc.property(mae, fc.integer({ min: 0, max: 100 }), (ofChampion, tolerancePercent) => {
        const candidate = ofChampion * (1 + tolerancePercent / 100);
        const at = { undecided: undefined, champion, backtest: [] };
        const passed = (error: number): boolean =>
          judge(
            { ...at, evaluation: evaluation({ candidate: error, champion: ofChampion, naive: 1e6 }) },
            limits({ tolerancePercent }),
          ).passed;
        expect(passed(candidate)).toBe(true);
        expect(passed(candidate * 1.000001)).toBe(false);
      }),
    );
  });
});

describe("an error that is not a number", () => {
  test("of the candidate ends the run", () => {
    const broken = fc.constantFrom(NaN, Infinity);
    fc.assert(
      fc.property(evidences, broken, (evidence, factor) => {
        expect(() => judge(withErrors(evidence, factor), limits())).toThrow(
          expect.objectContaining({
            reason: "Bug",
            message: expect.stringMatching(/expected a finite number/),
          }),
        );
      }),
    );
  });

  test.each([
    { says: "of the champion", differs: { evaluation: evaluation({ champion: NaN }) } },
    {
      says: "of the champion on its training days",
      differs: { drift: { from: "", to: "", then: NaN, now: 1, n: 300, nThen: 300 } },
    },
    { says: "on an earlier window", differs: { backtest: [backtestWindow({ candidate: NaN })] } },
    { says: "of the final model", differs: { newData: { candidate: 1, final: NaN, n: 1 } } },
  ])("$says ends the run", ({ differs }) => {
    const evidence = {
      undecided: undefined,
      champion,
      backtest: [],
      evaluation: evaluation({ champion: 80 }),
    };
    expect(() => judge({ ...evidence, ...differs }, limits())).toThrow(
      expect.objectContaining({ reason: "Bug" }),
    );
  });
});
