"""How the Python service makes a model's columns, written anew: what it needs of the published files, and no more."""

SCALED = ["latitude", "longitude", "avg_temp", "precipitation_mm", "vent_max", "lag_1", "lag_7"]


class DataPreprocessor:
    def __init__(self, settings):
        raise AssertionError("Loading a file must not run __init__: its arguments are the service's own affair")

    def transform(self, raw):
        """The model's columns from raw ones, of which station_id holds the station's id."""
        frame = raw.copy()
        known = raw["station_id"].isin(self.known_stations)
        stations = raw["station_id"].where(known, self.fallback_station)
        frame["station_id"] = self.station_encoder.transform(stations)
        frame[SCALED] = self.scaler.transform(raw[SCALED])
        return frame[self.features_cols]
