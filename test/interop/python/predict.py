"""Loads the published files of a directory as the Python service does, predicts raw rows, prints what it found as JSON.

The directory holds compat/*.pkl, model.ubj and raw.json: the raw rows by column, floats as hex of float32.
"""

import json
import pathlib
import pickle
import sys
import warnings

import joblib
import numpy
import pandas
import sklearn
import xgboost
from sklearn.base import clone

directory = pathlib.Path(sys.argv[1])


def legacy_file(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return joblib.load(directory / "compat" / name)


def raw_rows():
    columns = json.loads((directory / "raw.json").read_text())
    ids = columns.pop("station_id")
    floats = {name: numpy.frombuffer(bytes.fromhex(values), dtype="<f4") for name, values in columns.items()}
    return pandas.DataFrame({"station_id": ids, **floats})


def bits(values):
    assert values.dtype == numpy.float32, values.dtype
    return values.tobytes().hex()


def dumped_and_loaded(thing):
    return pickle.loads(pickle.dumps(thing))


def saved_and_loaded(model):
    file = directory / f"saved-by-{xgboost.__version__}.json"
    model.save_model(file)
    other = xgboost.XGBRegressor()
    other.load_model(file)
    return other


def predictions(preprocessor, model, raw):
    inputs = preprocessor.transform(raw)
    return {
        "a frame of mixed types": model.predict(inputs),
        "a frame of doubles": model.predict(inputs.astype("float64")),
        "an array": model.predict(inputs.to_numpy(dtype="float32")),
        "a DMatrix": model.get_booster().predict(xgboost.DMatrix(inputs)),
        "files dumped again": dumped_and_loaded(model).predict(dumped_and_loaded(preprocessor).transform(raw)),
        "a model saved again": saved_and_loaded(model).predict(inputs),
    }


def described(preprocessor, model):
    encoder, scaler = preprocessor.station_encoder, preprocessor.scaler
    parameters = model.get_params().items()
    return {
        "state": {name: type(value).__name__ for name, value in vars(preprocessor).items()},
        "classes": encoder.classes_.tolist(),
        "known": sorted(preprocessor.known_stations),
        "fallback": preprocessor.fallback_station,
        "features": preprocessor.features_cols,
        "target": preprocessor.target_col,
        "scaler": [scaler.with_mean, scaler.with_std, scaler.n_features_in_, scaler.feature_names_in_.tolist()],
        "parameters": {name: value for name, value in parameters if value is not None and value == value},
        "clonedDepth": clone(model).get_params()["max_depth"],
        "modelFeatures": model.get_booster().feature_names,
        "modelColumns": model.n_features_in_,
    }


preprocessor = legacy_file("preprocessor_v1.pkl")
model = legacy_file("xgboost_v1.pkl")
raw = raw_rows()
inputs = preprocessor.transform(raw)
strange = preprocessor.transform(raw.assign(station_id="no such station"))
native = xgboost.Booster(model_file=directory / "model.ubj")
found = {
    "versions": {"xgboost": xgboost.__version__, "sklearn": sklearn.__version__},
    "predictions": {name: bits(p) for name, p in predictions(preprocessor, model, raw).items()},
    "nativePredictions": bits(native.inplace_predict(inputs)),
    "inputs": {name: bits(inputs[name].to_numpy(dtype="float32")) for name in inputs},
    "unknownStation": sorted({int(index) for index in strange["station_id"]}),
    **described(preprocessor, model),
}
json.dump(found, sys.stdout)
