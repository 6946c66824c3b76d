"""From the tables to the training matrix: cleaning, weather, lags and the 22 features. Daily tables only."""

from dataclasses import dataclass

import holidays
import numpy as np
import pandas as pd

from tables import Tables

FEATURES = [
    *["station_id", "latitude", "longitude", "avg_temp", "precipitation_mm", "vent_max"],
    *["day_of_week", "day_of_year", "month", "year", "is_weekend", "is_holiday"],
    *["day_of_week_sin", "day_of_week_cos", "month_sin", "month_cos"],
    *["is_rainy", "is_cold", "is_hot", "is_windy", "lag_1", "lag_7"],
]
WEATHER = ["avg_temp", "precipitation_mm", "vent_max"]
OPEN_METEO = {
    "temperature_2m_mean": "avg_temp",
    "precipitation_sum": "precipitation_mm",
    "wind_speed_10m_max": "vent_max",
}
BLACKLIST = {
    f"urn:ngsi-ld:EcoCounter:{number}"
    for number in (
        *("867228050089043", "867228050089159", "867228050089217"),
        *("867228050089787", "867228050092989"),
    )
}
# More days than a history has: station and day in one integer, which is compared and looked up at once.
STATION = 1_000_000


@dataclass(frozen=True)
class Matrix:
    """Rows by day, then by station id in byte order; float32, one row after the other."""

    values: np.ndarray
    target: np.ndarray
    days: np.ndarray
    stations: list[str]


def matrix_of(tables: Tables) -> Matrix:
    counts, ids = daily_counts(tables.counts)
    days = day_table(tables.weather)
    rows = counts[counts["day"].isin(days.index)]
    lags = {f"lag_{n}": lag(counts, rows, n) for n in (1, 7)}
    complete = ~(np.isnan(lags["lag_1"]) | np.isnan(lags["lag_7"]))
    rows = rows[complete].assign(**{name: values[complete] for name, values in lags.items()})
    rows = rows.sort_values(["day", "station"], kind="stable")
    station, training = pd.factorize(rows["station"], sort=True)
    stations = ids[training]
    columns = {
        "station_id": station,
        **of_days(days, rows["day"]),
        **of_stations(tables.stations, stations, station),
        "lag_1": rows["lag_1"],
        "lag_7": rows["lag_7"],
    }
    values = np.empty((len(rows), len(FEATURES)), dtype=np.float32)
    for index, name in enumerate(FEATURES):
        values[:, index] = columns[name]
    return Matrix(
        values=values,
        target=rows["count"].to_numpy(np.float32),
        days=rows["day"].to_numpy(),
        stations=list(stations),
    )


def day_number(dates: pd.Series) -> np.ndarray:
    """Days since 1970-01-01."""
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def daily_counts(readings: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """One count a station and day, the one with the highest id; the stations' ids in byte order."""
    codes, ids = pd.factorize(readings["station_id"], sort=True)
    counts = pd.DataFrame(
        {
            "id": readings["id"].to_numpy(),
            "station": codes,
            "day": day_number(readings["date"]),
            "count": readings["intensity"].to_numpy(),
        }
    )
    counts["key"] = counts["station"] * STATION + counts["day"]
    counts = counts.sort_values("id").drop_duplicates("key", keep="last")
    ids = np.asarray(ids, dtype=object)
    used = counts["station"].isin(np.flatnonzero(~np.isin(ids, list(BLACKLIST))))
    return counts.drop(columns="id")[used], ids


def lag(counts: pd.DataFrame, rows: pd.DataFrame, days: int) -> np.ndarray:
    """The same station's count so many days before; NaN where there is none."""
    by_key = pd.Series(counts["count"].to_numpy(np.float32), index=counts["key"].to_numpy())
    return by_key.reindex(rows["key"].to_numpy() - days).to_numpy()


def day_table(weather: pd.DataFrame) -> pd.DataFrame:
    """Everything a day tells, by day: only days whose three weather values are known."""
    days = weather.rename(columns=OPEN_METEO).sort_values("id")
    days = days.assign(day=day_number(days["date"])).drop_duplicates("day", keep="last")
    # The database's real is a float32: comparisons are made with that.
    days = days.set_index("day")[WEATHER].astype(np.float32).dropna()
    date = pd.DatetimeIndex(days.index.to_numpy().astype("datetime64[D]"))
    weekday, month = date.dayofweek.to_numpy(), date.month.to_numpy()
    public = holidays.country_holidays("FR", years=sorted(set(date.year)))
    return days.assign(
        day_of_week=weekday,
        day_of_year=date.dayofyear.to_numpy(),
        month=month,
        year=date.year.to_numpy(),
        is_weekend=weekday >= 5,
        is_holiday=date.isin(pd.DatetimeIndex(list(public))),
        day_of_week_sin=np.sin(2 * np.pi * weekday / 7),
        day_of_week_cos=np.cos(2 * np.pi * weekday / 7),
        month_sin=np.sin(2 * np.pi * (month - 1) / 12),
        month_cos=np.cos(2 * np.pi * (month - 1) / 12),
        is_rainy=days["precipitation_mm"] > 1,
        is_cold=days["avg_temp"] < 5,
        is_hot=days["avg_temp"] > 30,
        is_windy=days["vent_max"] > 30,
    ).astype(np.float32)


def of_days(days: pd.DataFrame, day: pd.Series) -> dict[str, np.ndarray]:
    """A day's features are computed once and taken for each of its rows."""
    at = days.index.get_indexer(day)
    return {name: days[name].to_numpy()[at] for name in days.columns}


def of_stations(places: pd.DataFrame, ids: np.ndarray, station: np.ndarray) -> dict[str, np.ndarray]:
    """Coordinates; NaN for a station that has none."""
    known = places.drop_duplicates("station_id").set_index("station_id").reindex(ids)
    return {
        name: known[name].to_numpy(np.float64).astype(np.float32)[station]
        for name in ("latitude", "longitude")
    }


def facts_of(matrix: Matrix) -> dict:
    """By which two sides can see that they have made the same matrix."""
    return {
        "rows": len(matrix.target),
        "stations": len(matrix.stations),
        "columnSums": [float(np.sum(column, dtype=np.float64)) for column in matrix.values.T],
        "targetSum": float(np.sum(matrix.target, dtype=np.float64)),
    }
