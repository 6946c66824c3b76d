import { RunFailure } from "../errors.ts";
import { findString, replaceString } from "./ubjson.ts";

const where = ["learner", "learner_model_param", "base_score"];

/**
 * A model.ubj that every reader since 1.7 understands. Since 3.1 libxgboost writes `base_score` as a vector, "[9.9E2]";
 * readers up to 3.0 silently take that for 0.5, so that every prediction is off. All of them read "9.9E2", and nothing
 * but the brackets and the length of this string changes. Throws RunFailure("Bug") for a model it does not understand.
 */
export function withPlainBaseScore(model: Uint8Array): Uint8Array {
  const found = findString(model, where);
  const plain = /^\[(.*)\]$/u.exec(found.text)?.[1] ?? found.text;
  if (!/^-?\d+(\.\d+)?(E[+-]?\d+)?$/iu.test(plain)) {
    throw new RunFailure(
      "Bug",
      `Cannot write the model for the Python service: its base_score is ${JSON.stringify(found.text)}, expected was one number`,
    );
  }
  return plain === found.text ? model : replaceString(model, found, plain);
}
