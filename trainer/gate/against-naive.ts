import type { BacktestWindow } from "../../contract/trainer-report.ts";
import { counted } from "../checks/facts.ts";
import { judgedEvaluation, scoredEvaluation, type Evidence, type Rule } from "./evidence.ts";
import { atLeast, belowOrAbove, figure, known } from "./figures.ts";

/** Clearly better than the forecast that costs nothing. A small window speaks only where nothing else can. */
export const skill: Rule = (evidence, { minSkillPercent: limit }) => {
  const evaluation = skillEvaluation(evidence);
  if (evaluation === undefined) return undefined;
  const { candidate, naive, window } = evaluation;
  const value = known(evaluation.skillPercent, "the candidate's skill");
  const passed = atLeast(value, limit);
  const found = `The candidate's MAE of ${figure(candidate.mae)} counts a day is ${belowOrAbove(value)} the ${figure(naive.mae)} of mean(lag_1, lag_7) from ${window.from} to ${window.to}`;
  return {
    passed,
    value,
    limit,
    unit: "%",
    message: passed
      ? `${found}, at least ${figure(limit)} % below was expected`
      : `${found}, expected at least ${figure(limit)} % below: check the counts and the weather of these days, or lower gate.minSkillPercent`,
  };
};

/** The evaluation that the rule skill is asked on. */
export const skillEvaluation = (evidence: Evidence): Evidence["evaluation"] =>
  judgedEvaluation(evidence) ?? (evidence.backtest.length === 0 ? scoredEvaluation(evidence) : undefined);

/** Better than mean(lag_1, lag_7) on earlier windows too: on average clearly, and in none of them much worse. */
export const backtest: Rule = (evidence, limits) => {
  const { backtest: windows } = evidence;
  const [first] = windows;
  if (first === undefined) return undefined;
  const mean =
    windows.reduce((sum, window) => sum + known(window.skillPercent, "the skill on an earlier window"), 0) /
    windows.length;
  const weakest = windows.reduce(
    (least, window) => (window.skillPercent < least.skillPercent ? window : least),
    first,
  );
  const found = `On ${counted(windows.length, "earlier window")} the procedure's MAE is on average ${belowOrAbove(mean)} that of mean(lag_1, lag_7)`;
  if (!atLeast(mean, limits.minSkillPercent)) return tooLittle(mean, limits.minSkillPercent, found);
  if (!atLeast(weakest.skillPercent, -limits.maxBacktestLossPercent)) {
    return tooWeak(weakest, -limits.maxBacktestLossPercent);
  }
  return {
    passed: true,
    value: mean,
    limit: limits.minSkillPercent,
    unit: "%",
    message: `${found}, on the weakest ${belowOrAbove(weakest.skillPercent)}`,
  };
};

const tooLittle = (value: number, limit: number, found: string): ReturnType<Rule> => ({
  passed: false,
  value,
  limit,
  unit: "%",
  message: `${found}, expected at least ${figure(limit)} % below: look for wrong counts or weather in the history, or lower gate.minSkillPercent`,
});

const tooWeak = ({ window, skillPercent }: BacktestWindow, limit: number): ReturnType<Rule> => ({
  passed: false,
  value: skillPercent,
  limit,
  unit: "%",
  message: `From ${window.from} to ${window.to} the procedure's MAE is ${belowOrAbove(skillPercent)} that of mean(lag_1, lag_7), expected at most ${figure(-limit)} % above: look for wrong counts or weather in and before these days, or raise gate.maxBacktestLossPercent`,
});
