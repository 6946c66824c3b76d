import type { TrainingPool } from "../xgboost/pool.ts";
import type { StationTable } from "./judged.ts";
import { scoreRange } from "./score.ts";
import { daysBefore, rowsIn, type Window } from "./window.ts";

const days = 28;

/** MAE of two models on the same `n` rows, counts a day. */
export interface NewDataError {
  readonly final: number;
  readonly candidate: number;
  readonly n: number;
}

/** Two models that were both trained on the days before the window; only the final one saw the window too. */
export interface NewDataQuestion {
  readonly final: Uint8Array;
  readonly evaluated: {
    readonly window: Pick<Window, "from">;
    readonly candidate: { readonly model: Uint8Array };
  };
  readonly pool: Pick<TrainingPool, "predict">;
  readonly nthread: number;
}

/** What training on the window's days did to the 28 days before it. Undefined when these have no row. */
export async function newDataError(
  { table }: Pick<StationTable, "table">,
  { final, evaluated, pool, nthread }: NewDataQuestion,
): Promise<NewDataError | undefined> {
  const before = daysBefore(table, evaluated.window, days);
  if (rowsIn(before) === 0) return undefined;
  const maeOf = async (model: Uint8Array): Promise<number> => {
    const predictions = { candidate: await pool.predict(model, before.rows, nthread) };
    return scoreRange(table, before.rows, predictions).candidate.mae;
  };
  const [ofFinal, ofCandidate] = await Promise.all([maeOf(final), maeOf(evaluated.candidate.model)]);
  return { final: ofFinal, candidate: ofCandidate, n: rowsIn(before) };
}
