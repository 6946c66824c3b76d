import type { TrainingReport } from "../../contract/trainer-report.ts";
import { dayText } from "../days.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { StationTable } from "./judged.ts";
import { scoreRange } from "./score.ts";
import { lastDays } from "./window.ts";

const recentDays = 91;

/**
 * The error of a model on the last 91 days that it was trained on, for its report: a later run compares it with what
 * the same model gives on the same days then. Undefined without any row.
 */
export async function recentError(
  { table }: Pick<StationTable, "table">,
  model: Uint8Array,
  pool: Pick<TrainingPool, "predict">,
  nthread: number,
): Promise<TrainingReport["recent"]> {
  const window = lastDays(table, recentDays);
  if (window === undefined) return undefined;
  const predictions = { candidate: await pool.predict(model, window.rows, nthread) };
  const { mae, n } = scoreRange(table, window.rows, predictions).candidate;
  return { from: dayText(window.from), to: dayText(window.to), n, mae };
}
