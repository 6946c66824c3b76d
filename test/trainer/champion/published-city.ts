import { preprocessorOf } from "../../../trainer/artifacts/preprocessor.ts";
import type { PublishedModel } from "../../../trainer/champion/published-model.ts";
import { dayText } from "../../../trainer/days.ts";
import { lastDayWithRows } from "../../../trainer/evaluate/window.ts";
import { allRows } from "../../../trainer/features/source.ts";
import type { History } from "../../../trainer/stages/clean.ts";
import type { TrainingPool } from "../../../trainer/xgboost/pool.ts";
import { input, report } from "../../support/builders.ts";

export const smallFit = { parameters: { maxDepth: 3, learningRate: 0.3, seed: 0, nthread: 1 }, rounds: 25 };

/** A version that was trained on a whole history, as a run would have published it; `pool` must be on its table. */
export async function publishedOf(history: History, pool: TrainingPool): Promise<PublishedModel> {
  const { model } = await pool.fit({ range: allRows(history.table), ...smallFit });
  return publishedModel(history, model);
}

export function publishedModel({ table, stations }: History, model: Uint8Array): PublishedModel {
  const last = lastDayWithRows(table);
  const version = "20260501T010000Z-run0";
  const parts = { version, model, input: input(), stations };
  return {
    version,
    model,
    preprocessor: preprocessorOf({ ...parts, dataThrough: last === undefined ? "" : dayText(last) }),
    report: report(),
  };
}
