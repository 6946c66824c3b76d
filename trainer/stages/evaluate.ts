import type { Parameters } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import { scoreRange } from "../evaluate/score.ts";
import { lastDays, type Window } from "../evaluate/window.ts";
import type { Run } from "../run.ts";
import { bestOf } from "../search/candidates.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { History } from "./clean.ts";
import type { Search } from "./search.ts";

/**
 * Tests this run's procedure on days that it has not seen: a model trained only on the rows before the window, with
 * parameters that only earlier folds chose. The published model is another one, trained on everything.
 */
export async function evaluateStage(
  run: Run,
  history: History,
  search: Search,
  pool: TrainingPool,
): Promise<void> {
  const window = lastDays(history.table, run.input.gate.windowDays);
  const skipped = whyNot(run, window);
  if (skipped !== undefined || window === undefined) {
    run.draft.evaluationSkipped = skipped ?? "No evaluation: there is no training row";
    return;
  }
  await run.stages.run(
    "evaluate",
    async () => {
      const { parameters, parametersFrom } = chosenBefore(window, search, run.input.training.fallback);
      const range = { from: 0, to: window.rows.from };
      const { maxDepth, learningRate, rounds } = parameters;
      const fit = { maxDepth, learningRate, seed: run.input.training.seed, nthread: run.threads };
      const { model } = await pool.fit({ range, parameters: fit, rounds }, (done, total) => {
        run.meter.report(done, total);
      });
      const predictions = await pool.predict(model, window.rows, run.threads);
      run.draft.evaluation = {
        window: {
          from: dayText(window.from),
          to: dayText(window.to),
          rows: window.rows.to - window.rows.from,
        },
        trainedRows: range.to,
        parameters,
        parametersFrom,
        ...scoreRange(history.table, window.rows, predictions, history.stations),
      };
    },
    () => window.rows.to - window.rows.from,
  );
}

function whyNot({ input }: Run, window: Window | undefined): string | undefined {
  if (window === undefined) return undefined;
  const { gate, checks } = input;
  const rows = window.rows.to - window.rows.from;
  if (rows < gate.minWindowRows) {
    return `No evaluation: the last ${String(gate.windowDays)} days have ${String(rows)} rows, gate.minWindowRows asks for ${String(gate.minWindowRows)}`;
  }
  return window.rows.from < checks.minRows
    ? `No evaluation: ${String(window.rows.from)} rows lie before the last ${String(gate.windowDays)} days, checks.minRows asks for ${String(checks.minRows)}`
    : undefined;
}

/** Parameters that owe nothing to the window: of the folds that end before it, else the configured ones. */
export function chosenBefore(
  window: Pick<Window, "rows">,
  { table, folds }: Pick<Search, "table" | "folds">,
  fallback: Parameters,
): { parameters: Parameters; parametersFrom: string } {
  const isEarlier = (fold: number): boolean => (folds[fold]?.valid.to ?? Infinity) <= window.rows.from;
  const parameters = bestOf(table, isEarlier);
  const earlier = folds.filter((_, fold) => isEarlier(fold)).length;
  return parameters === undefined
    ? { parameters: fallback, parametersFrom: "training.fallback, for no fold ends before the window" }
    : { parameters, parametersFrom: `folds that end before the window: ${String(earlier)}` };
}
