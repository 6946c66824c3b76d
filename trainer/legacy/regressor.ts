import { withPlainBaseScore } from "./plain-base-score.ts";
import { build, call, construct, dict, float, global, int, tuple, type PythonValue } from "./python-value.ts";

/** What the model was trained with, as scikit-learn's `get_params()` will tell. */
export interface LegacyParameters {
  readonly maxDepth: number;
  readonly learningRate: number;
  readonly rounds: number;
  readonly seed: number;
  readonly maxBin: number;
}

/**
 * The fitted `xgboost.XGBRegressor` of xgboost_v1.pkl. `n_jobs` is left to the reader's machine, everything else not
 * named here to its version's defaults: a booster that was loaded predicts by what is in the model.
 */
export function regressor(model: Uint8Array, parameters: LegacyParameters): PythonValue {
  const estimator = construct(global("xgboost.XGBRegressor"), {
    objective: "reg:squarederror",
    tree_method: "hist",
    max_depth: int(parameters.maxDepth),
    learning_rate: float(parameters.learningRate),
    n_estimators: int(parameters.rounds),
    max_bin: int(parameters.maxBin),
    random_state: int(parameters.seed),
  });
  return build(estimator, dict({ _Booster: booster(withPlainBaseScore(model)) }));
}

/** `Booster(params=None, cache=(), model_file=bytearray(model))`; a pickle of protocol 4 has bytes, but no bytearray. */
const booster = (model: Uint8Array): PythonValue =>
  call(global("xgboost.core.Booster"), [null, tuple([]), call(global("builtins.bytearray"), [model])]);
