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

/** Two models of the same parameters that were both trained on the days before the window; only one saw the window too. */
export interface NewDataQuestion {
  readonly final: Uint8Array;
  readonly without: Uint8Array;
  readonly window: Pick<Window, "from">;
  readonly pool: Pick<TrainingPool, "predict">;
  readonly nthread: number;
}

/** What training on the window's days did to the 28 days before it. Undefined when these have no row. */
export async function newDataError(
  { table }: Pick<StationTable, "table">,
  { final, without, window, pool, nthread }: NewDataQuestion,
): Promise<NewDataError | undefined> {
  const before = daysBefore(table, window, days);
  if (rowsIn(before) === 0) return undefined;
  const maeOf = async (model: Uint8Array): Promise<number> => {
    const predictions = { candidate: await pool.predict(model, before.rows, nthread) };
    return scoreRange(table, before.rows, predictions).candidate.mae;
  };
  const [ofFinal, ofCandidate] = await Promise.all([maeOf(final), maeOf(without)]);
  return { final: ofFinal, candidate: ofCandidate, n: rowsIn(before) };
}
