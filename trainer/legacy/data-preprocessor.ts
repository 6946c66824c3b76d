import type { Preprocessor } from "../../contract/published.ts";
import { RunFailure } from "../errors.ts";
import {
  build,
  call,
  callMethod,
  construct,
  dict,
  float,
  global,
  list,
  newObject,
  set,
  type PythonValue,
} from "./python-value.ts";

/** The columns that the Python service scales before it predicts. */
const scaledColumns = ["latitude", "longitude", "avg_temp", "precipitation_mm", "vent_max", "lag_1", "lag_7"];

/**
 * The `modeling.preprocessor.DataPreprocessor` of preprocessor_v1.pkl, with exactly the service's six attributes. An
 * unknown station is taken for `fallback_station`, the first id in byte order. Throws RunFailure("Bug") if Python
 * would number the stations otherwise than the model does.
 */
export function dataPreprocessor({ stations, features, target }: Preprocessor): PythonValue {
  const ids = stations.map(({ id }) => id);
  const state = dict({
    known_stations: set(ids),
    fallback_station: firstOf(ids),
    features_cols: list(features),
    target_col: target,
    station_encoder: labelEncoder(ids),
    scaler: identityScaler(),
  });
  return build(newObject(global("modeling.preprocessor.DataPreprocessor")), state);
}

/** `LabelEncoder().fit(ids)`: the reader's own NumPy makes and sorts the array of classes. */
function labelEncoder(ids: readonly string[]): PythonValue {
  checkOrder(ids);
  return callMethod(call(global("sklearn.preprocessing.LabelEncoder")), "fit", [list(ids)]);
}

/** `StandardScaler(with_mean=False, with_std=False)` fitted on one row: it knows its columns and changes nothing. */
function identityScaler(): PythonValue {
  const oneRow = list([list(scaledColumns.map(() => float(0)))]);
  const frame = call(global("pandas.DataFrame"), [oneRow, null, list(scaledColumns)]);
  const scaler = construct(global("sklearn.preprocessing.StandardScaler"), {
    with_mean: false,
    with_std: false,
  });
  return callMethod(scaler, "fit", [frame]);
}

/**
 * NumPy sorts text by code points, which is the byte order of UTF-8, so a sorted list keeps its indices. Its arrays
 * lose NULs at the end of a text; PostgreSQL has none.
 */
function checkOrder(ids: readonly string[]): void {
  const wrong = ids.find((id, i) => id.endsWith("\0") || (i > 0 && !isBefore(ids[i - 1] ?? "", id)));
  if (wrong === undefined) return;
  throw new RunFailure(
    "Bug",
    `Cannot number the stations for the Python service: ${JSON.stringify(wrong)} ends with a NUL or does not follow its predecessor in byte order`,
  );
}

const isBefore = (one: string, other: string): boolean =>
  Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;

function firstOf(ids: readonly string[]): string {
  const [first] = ids;
  if (first !== undefined) return first;
  throw new RunFailure("Bug", "Cannot write the preprocessor for the Python service: it has no station");
}
