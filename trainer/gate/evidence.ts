import type { Gate } from "../../contract/spec/gates.ts";
import type { BacktestWindow, Evaluation, GateReport, GateRule } from "../../contract/trainer-report.ts";

/** What the gate judges by. A rule that needs what the run does not have is not asked. */
export interface Evidence {
  /** The run's procedure on the gate window. */
  readonly evaluation?: Evaluation | undefined;
  /** One sentence why the gate window is too small to decide; undefined when it is large enough. */
  readonly undecided: string | undefined;
  /** The run's procedure on earlier windows; with the champion's recipe beside it where that is compared. */
  readonly backtest: readonly BacktestWindow[];
  readonly champion?: GateReport["champion"];
  readonly drift?: Drift | undefined;
  readonly newData?: NewData | undefined;
}

/** The champion on the newest days that it was trained on: MAE in counts a day, served predictions. */
export interface Drift {
  readonly from: string;
  readonly to: string;
  /** When it was published. */
  readonly then: number;
  /** On today's rows of the same days. */
  readonly now: number;
  readonly n: number;
  /** Rows of these days when it was published. */
  readonly nThen: number;
}

/** The days before the window, on which both have trained: MAE in counts a day, served predictions. */
export interface NewData {
  /** Of the model that trained on the window too. */
  readonly final: number;
  /** Of the model that did not. */
  readonly candidate: number;
  readonly n: number;
}

/** What one rule found; undefined where it cannot be asked. */
export type Finding = Omit<GateRule, "name"> | undefined;

/** Throws RunFailure("Bug") for an error that is not a number: nothing may pass by it. */
export type Rule = (evidence: Evidence, limits: Gate) => Finding;

/** The evaluation, where it has a row to judge by. */
export const scoredEvaluation = ({ evaluation }: Evidence): Evaluation | undefined =>
  evaluation !== undefined && evaluation.candidate.n > 0 ? evaluation : undefined;

/** The evaluation of a window that is large enough to decide. */
export const judgedEvaluation = (evidence: Evidence): Evaluation | undefined =>
  evidence.undecided === undefined ? scoredEvaluation(evidence) : undefined;
