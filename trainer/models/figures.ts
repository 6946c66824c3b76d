import { given, type Given } from "../../contract/given.ts";
import type { Metrics, Parameters, TrainerReport } from "../../contract/trainer-report.ts";

interface AllFigures {
  readonly dataThrough: string | undefined;
  readonly rows: number | undefined;
  readonly stations: number | undefined;
  readonly parameters: Parameters | undefined;
  /** The days on which the errors were measured. */
  readonly window: { readonly from: string; readonly to: string } | undefined;
  /** Mean absolute errors in counts a day: of the version's procedure, of the version before it, of mean(lag_1, lag_7). */
  readonly mae: number | undefined;
  readonly championMae: number | undefined;
  readonly naiveMae: number | undefined;
}
export type Figures = Given<AllFigures>;

/** What people compare versions by; without a report nothing is known. */
export function figuresOf(report: TrainerReport | undefined): Figures {
  const { data, training, evaluation } = report ?? {};
  return given({
    dataThrough: data?.dataThrough,
    rows: data?.rows,
    stations: data?.stations,
    parameters: training?.winner,
    ...errorsOf(evaluation),
  });
}

/** Depth, learning rate and rounds in a table's cell. */
export const parametersText = (parameters: Parameters | undefined): string =>
  parameters === undefined
    ? ""
    : [parameters.maxDepth, parameters.learningRate, parameters.rounds].map(String).join(" / ");

function errorsOf(evaluation: TrainerReport["evaluation"]) {
  const mae = (metrics: Metrics | undefined): number | undefined => metrics?.mae;
  return {
    window: evaluation && { from: evaluation.window.from, to: evaluation.window.to },
    mae: mae(evaluation?.candidate),
    championMae: mae(evaluation?.champion),
    naiveMae: mae(evaluation?.naive),
  };
}
