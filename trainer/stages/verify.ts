import { RunFailure } from "../errors.ts";
import { rowsOf } from "../features/training-table.ts";
import type { Fitted } from "../xgboost/messages.ts";
import type { Work } from "./work.ts";

/**
 * The written bytes are the trained model: loaded again, by another path through the library, they predict the
 * newest rows exactly as the booster did that was trained, and all predictions are finite.
 */
export async function verifyModel(
  written: Uint8Array,
  { history, pool }: Pick<Work, "history" | "pool">,
  { lastPredictions: expected }: Pick<Fitted, "lastPredictions">,
): Promise<void> {
  const to = rowsOf(history.table);
  const found = await pool.predict(written, { from: to - expected.length, to });
  const wrong = found.findIndex(
    (prediction, row) => prediction !== expected[row] || !Number.isFinite(prediction),
  );
  if (wrong === -1 && found.length > 0) return;
  throw new RunFailure(
    "Bug",
    `The written model predicts ${String(found[wrong])} where the trained one predicted ${String(expected[wrong])} (golden row ${String(wrong)}); nothing was published`,
  );
}
