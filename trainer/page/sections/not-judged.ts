import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { paragraph, section, type Chapter } from "../section.ts";

/** A sentence where a reader would miss the comparison: the run ended before there was a model to compare. */
export function notJudged(report: TrainerReport): Chapter | undefined {
  const { verdict, evaluation, evaluationSkipped, gate, training } = report;
  if (
    verdict === "Restored" ||
    evaluation !== undefined ||
    evaluationSkipped !== undefined ||
    gate !== undefined
  )
    return undefined;
  const trained =
    training === undefined
      ? "No model was trained in this run, so"
      : "The run ended before the comparison, so";
  return section(
    "not-judged",
    "What is not here",
    paragraph(`${trained} there is no comparison, no error by month or counter and no forecast to show.`),
  );
}
