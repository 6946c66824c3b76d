import { dayOf } from "../days.ts";
import type { StationTable } from "../evaluate/judged.ts";
import type { Predictor } from "../evaluate/predictions.ts";
import { scoreRange } from "../evaluate/score.ts";
import { windowOf } from "../evaluate/window.ts";
import { championColumns } from "./champion-columns.ts";
import { predictAsPublished } from "./predict-as-published.ts";
import type { PublishedModel } from "./published-model.ts";

/** A champion's MAE on its own newest training days, counts a day: when it was published, and with today's rows. */
export interface ChampionDrift {
  readonly from: string;
  readonly to: string;
  readonly then: number;
  readonly now: number;
  /** Rows that `now` is the mean of. */
  readonly n: number;
  /** Rows that `then` was the mean of. */
  readonly nThen: number;
}

/**
 * Whether the history is still the one that the champion was trained on: a model is as good on days that it has
 * seen as it was, unless their rows were changed. Undefined when the champion did not report its error; `now` is NaN
 * when none of its stations has a row on these days any more.
 */
export async function championDrift(
  history: StationTable,
  champion: PublishedModel,
  pool: Predictor["pool"],
  nthread: number,
): Promise<ChampionDrift | undefined> {
  const recent = champion.report.training?.recent;
  if (recent === undefined) return undefined;
  const window = windowOf(history.table, dayOf(recent.from), dayOf(recent.to));
  const { knows } = championColumns(champion.preprocessor, history.stations);
  const predictions = {
    candidate: await predictAsPublished(champion, history, window, { pool, nthread }),
  };
  const { mae, n } = scoreRange(history.table, window.rows, predictions, knows).candidate;
  return { from: recent.from, to: recent.to, then: recent.mae, now: mae, n, nThen: recent.n };
}
