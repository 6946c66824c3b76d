import type { StationTable } from "../evaluate/judged.ts";
import { blockRows, predictBlocks, type Predictor } from "../evaluate/predictions.ts";
import type { Window } from "../evaluate/window.ts";
import { FeatureSource } from "../features/source.ts";
import { championColumns } from "./champion-columns.ts";
import type { PublishedModel } from "./published-model.ts";

/** Raw predictions of a published model, fed by its own preprocessor; those of stations it does not know mean nothing. */
export const predictAsPublished = (
  { model, preprocessor }: PublishedModel,
  { table, stations }: StationTable,
  { rows }: Pick<Window, "rows">,
  predictor: Predictor,
): Promise<Float32Array> => {
  const { rewrite } = championColumns(preprocessor, stations);
  return predictBlocks(model, new FeatureSource(table, rows, blockRows), predictor, rewrite);
};
