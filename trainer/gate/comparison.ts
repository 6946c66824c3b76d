import type { BacktestWindow, Evaluation } from "../../contract/trainer-report.ts";
import { counted } from "../checks/facts.ts";
import { RunFailure } from "../errors.ts";
import { judgedEvaluation, type Evidence, type Rule } from "./evidence.ts";
import { atMost, figure, known } from "./figures.ts";

/** Candidate and champion on the same rows: MAE in counts a day. */
export interface Comparison {
  readonly on: "window" | "backtest";
  readonly candidate: number;
  readonly champion: number;
  /** For people: on which rows. */
  readonly where: string;
}

/**
 * On the gate window where it can be judged, for neither has trained on it; else the two recipes on earlier windows.
 * Undefined without a champion, and without any rows to compare on.
 */
export function comparisonOf(evidence: Evidence): Comparison | undefined {
  if (evidence.champion === undefined) return undefined;
  const evaluation = judgedEvaluation(evidence);
  return evaluation === undefined ? ofRecipes(evidence.backtest) : ofModels(evaluation);
}

function ofModels({ candidate, champion, window }: Evaluation): Comparison {
  if (champion === undefined) {
    throw new RunFailure(
      "Bug",
      "Cannot compare with the champion: it has not been scored on the gate window",
    );
  }
  return {
    on: "window",
    candidate: known(candidate.mae, "the candidate's MAE"),
    champion: known(champion.mae, "the champion's MAE"),
    where: `${figure(candidate.n)} rows from ${window.from} to ${window.to}`,
  };
}

/** Errors of all rows together: a window counts as much as it has rows. */
function ofRecipes(backtest: readonly BacktestWindow[]): Comparison | undefined {
  const pairs = backtest.flatMap(({ candidate, championRecipe }) =>
    championRecipe === undefined ? [] : [{ candidate, champion: championRecipe }],
  );
  const rows = pairs.reduce((sum, { candidate }) => sum + candidate.n, 0);
  if (rows === 0) return undefined;
  const pooled = (whose: "candidate" | "champion"): number =>
    pairs.reduce((sum, pair) => sum + pair[whose].n * pair[whose].mae, 0) / rows;
  return {
    on: "backtest",
    candidate: known(pooled("candidate"), "the candidate's MAE on earlier windows"),
    champion: known(pooled("champion"), "the MAE of the champion's recipe on earlier windows"),
    where: `${figure(rows)} rows of ${counted(pairs.length, "earlier window")}, both trained again for each`,
  };
}

/** Not worse than the champion by more than the tolerance. */
export const champion: Rule = (evidence, { tolerancePercent }) => {
  const compared = comparisonOf(evidence);
  if (compared === undefined) return undefined;
  const limit = (compared.champion * (100 + tolerancePercent)) / 100;
  const passed = atMost(compared.candidate, limit);
  const found = `The candidate's MAE is ${figure(compared.candidate)} counts a day, the champion's ${figure(compared.champion)}, on ${compared.where}`;
  const asked = `at most ${figure(limit)} is allowed (gate.tolerancePercent ${String(tolerancePercent)})`;
  return {
    passed,
    value: compared.candidate,
    limit,
    unit: "counts",
    message: passed
      ? `${found}; ${asked}`
      : `${found}; ${asked}: see in the report which stations are worse, and publish with spec.force if the candidate is right`,
  };
};
