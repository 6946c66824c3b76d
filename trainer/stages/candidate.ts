import type { CurrentPointer } from "../../contract/published.ts";
import type { ModelDirectory } from "../publish/directory.ts";
import type { Fitted } from "../xgboost/messages.ts";
import type { TrainingPool } from "../xgboost/pool.ts";
import type { History } from "./clean.ts";

/** The model that was trained on everything, with what is needed to publish it. */
export interface Candidate {
  readonly directory: ModelDirectory;
  readonly champion: CurrentPointer | undefined;
  readonly history: History;
  readonly fitted: Fitted;
  readonly pool: TrainingPool;
}
