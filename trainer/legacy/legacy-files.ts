import type { Preprocessor } from "../../contract/published.ts";
import { dataPreprocessor } from "./data-preprocessor.ts";
import { pickle } from "./pickle.ts";
import { regressor, type LegacyParameters } from "./regressor.ts";

/** A version's files for the Python service, by their path in the version's directory. */
export interface LegacyFiles {
  readonly "compat/xgboost_v1.pkl": Uint8Array;
  readonly "compat/preprocessor_v1.pkl": Uint8Array;
}

/**
 * What the Python service loads with `joblib.load`, made from the published files (docs/adr/0012-legacy-pickles.md).
 * Equal input gives equal bytes. Throws RunFailure("Bug") for a model or stations that Python would read as others.
 */
export const legacyFiles = (published: {
  /** model.ubj */
  readonly model: Uint8Array;
  readonly parameters: LegacyParameters;
  readonly preprocessor: Preprocessor;
}): LegacyFiles => ({
  "compat/xgboost_v1.pkl": pickle(regressor(published.model, published.parameters)),
  "compat/preprocessor_v1.pkl": pickle(dataPreprocessor(published.preprocessor)),
});
