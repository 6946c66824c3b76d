"""Prints how a preprocessor's file numbers each of its known stations."""

import json
import sys

import joblib

preprocessor = joblib.load(sys.argv[1])
stations = sorted(preprocessor.known_stations)
indices = preprocessor.station_encoder.transform(stations).tolist()
json.dump(list(zip(stations, indices)), sys.stdout)
