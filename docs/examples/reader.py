"""Predicts with the version of a model that is current, and picks up the next one without a restart.

    python reader.py /models/bike-traffic        (numpy and xgboost 3.1 or newer)

Reads one observation a line and writes one prediction a line, both as JSON. docs/reading-models.md explains each step.
"""

import datetime
import hashlib
import json
import math
import pathlib
import sys

import numpy
import xgboost

FEATURE_CONTRACT = 1
NUMBERS = ("avg_temp", "precipitation_mm", "vent_max", "lag_1", "lag_7")


class Version:
    """One published version, read once and kept in memory."""

    def __init__(self, model_directory, pointer):
        directory = model_directory / "versions" / pointer["version"]
        files = json.loads(checked(directory, "MANIFEST.json", pointer["manifestSha256"]))["files"]
        model = checked(directory, "model.ubj", files["model.ubj"]["sha256"])
        preprocessor = json.loads(checked(directory, "preprocessor.json", files["preprocessor.json"]["sha256"]))
        if preprocessor["featureContractVersion"] != FEATURE_CONTRACT:
            raise ValueError(f"feature contract {preprocessor['featureContractVersion']}, known is {FEATURE_CONTRACT}")
        self.name = pointer["version"]
        self.features = preprocessor["features"]
        self.stations = {each["id"]: (number, each) for number, each in enumerate(preprocessor["stations"])}
        self.booster = xgboost.Booster()
        self.booster.load_model(bytearray(model))

    def predict(self, observed):
        values = {name: numpy.float32(math.nan if observed[name] is None else observed[name]) for name in NUMBERS}
        if observed["station"] not in self.stations:
            return served((values["lag_1"] + values["lag_7"]) / 2)
        number, place = self.stations[observed["station"]]
        columns = {**calendar(datetime.date.fromisoformat(observed["date"])), **weather(values), **values}
        columns |= {"station_id": number, "latitude": place["latitude"], "longitude": place["longitude"]}
        columns["is_holiday"] = observed["is_holiday"]
        row = numpy.array([[columns[name] for name in self.features]], dtype=numpy.float32)  # None becomes NaN.
        return served(self.booster.inplace_predict(row, missing=math.nan, validate_features=False)[0])


def checked(directory, name, sha256):
    """The bytes of a file, which must be those that were published."""
    content = (directory / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(f"{directory / name} has SHA-256 {found}, expected {sha256}")
    return content


def calendar(date):
    weekday, month = date.weekday(), date.month
    return {
        "day_of_week": weekday,
        "day_of_year": date.timetuple().tm_yday,
        "month": month,
        "year": date.year,
        "is_weekend": weekday >= 5,
        "day_of_week_sin": math.sin(2 * math.pi * weekday / 7),
        "day_of_week_cos": math.cos(2 * math.pi * weekday / 7),
        "month_sin": math.sin(2 * math.pi * (month - 1) / 12),
        "month_cos": math.cos(2 * math.pi * (month - 1) / 12),
    }


def weather(values):
    """Comparisons are strict; one with a missing value is 0."""
    return {
        "is_rainy": values["precipitation_mm"] > 1,
        "is_cold": values["avg_temp"] < 5,
        "is_hot": values["avg_temp"] > 30,
        "is_windy": values["vent_max"] > 30,
    }


def served(raw):
    """Never negative, and rounded half to even. Without a number there is no prediction."""
    return None if math.isnan(raw) else max(0, round(float(raw)))


class Reader:
    """The current version; asks CURRENT.json, and keeps what it has when a newer version cannot be used."""

    def __init__(self, model_directory):
        self.model_directory = pathlib.Path(model_directory)
        self.version = Version(self.model_directory, self.pointer())

    def pointer(self):
        return json.loads((self.model_directory / "CURRENT.json").read_bytes())

    def refresh(self):
        try:
            pointer = self.pointer()
            if pointer["version"] != self.version.name:
                self.version = Version(self.model_directory, pointer)  # One assignment: nobody sees half of it.
        except (OSError, ValueError, KeyError, xgboost.core.XGBoostError) as problem:
            print(f"still serving {self.version.name}: {problem}", file=sys.stderr, flush=True)


def main():
    if tuple(map(int, xgboost.__version__.split(".")[:2])) < (3, 1):
        sys.exit("expected xgboost 3.1 or newer: older ones misread base_score, and every prediction is wrong")
    reader = Reader(sys.argv[1])
    for line in sys.stdin:
        reader.refresh()  # A service does this every 30 seconds instead.
        version = reader.version
        answer = {"version": version.name, "prediction": version.predict(json.loads(line))}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
