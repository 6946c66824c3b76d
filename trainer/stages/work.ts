import type { PublishedModel } from "../champion/published-model.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { History } from "./clean.ts";
import type { Volume } from "./open.ts";

/** What every step between the data gate and the commit works with. */
export interface Work {
  readonly volume: Volume;
  readonly history: History;
  readonly pool: TrainingPool;
}

/** The parameters that the current version was trained with. */
export const parametersOf = (champion: PublishedModel | undefined) => champion?.report.training?.winner;
