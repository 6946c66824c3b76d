import type { Parameters } from "../../contract/trainer-report.ts";
import { sameParameters } from "../search/winner.ts";
import { chosenBefore, type ScoredFolds } from "./chosen-before.ts";
import type { Window } from "./window.ts";

/** One model to train on all rows before the window, and to try on the window. */
export interface CutFit {
  readonly window: Window;
  readonly parameters: Parameters;
}

/** What is tried on one window. */
export interface Cut {
  readonly window: Window;
  /** Who chose the candidate's parameters, for people. */
  readonly parametersFrom: string;
  readonly candidate: CutFit;
  /** With the champion's parameters: the candidate's own fit where they are equal, absent where nobody asked. */
  readonly recipe?: CutFit;
}

export interface Recipes {
  readonly champion?: Parameters;
  readonly fallback: Parameters;
  /** Whether the champion's parameters are to be tried on the same rows. */
  readonly compare: boolean;
}

/** The run's procedure for one window: parameters that only earlier folds chose. */
export function planCut(window: Window, search: ScoredFolds, recipes: Recipes): Cut {
  const { parameters, parametersFrom } = chosenBefore(window, search, recipes);
  const candidate = { window, parameters };
  const { champion, compare } = recipes;
  if (!compare || champion === undefined) return { window, parametersFrom, candidate };
  const recipe = sameParameters(champion, parameters) ? candidate : { window, parameters: champion };
  return { window, parametersFrom, candidate, recipe };
}

/** Every fit once, in the order of the windows. */
export const fitsOf = (cuts: readonly Cut[]): CutFit[] => [
  ...new Set(cuts.flatMap(({ candidate, recipe = candidate }) => [candidate, recipe])),
];

/** Of so many rows the matrices of several models at once would cost too much memory. */
const rowsOfOneByOne = 1_000_000;

/**
 * How many models train at a time, and with how many threads each. Several with one thread each are faster than one
 * after the other with all threads: a round of a small matrix is too short to share.
 */
export function lanesOf(
  fits: number,
  { rows, threads }: { rows: number; threads: number },
): {
  readonly lanes: number;
  readonly nthread: number;
} {
  const lanes = rows < rowsOfOneByOne ? Math.min(threads, fits) : 1;
  return { lanes, nthread: Math.floor(threads / lanes) };
}
