"""Reads the three tables as one instant of the database had them."""

from dataclasses import dataclass
from importlib import import_module

import pandas as pd

COUNTS = """
    SELECT id, date, station_id, intensity FROM bike_count
    WHERE intensity >= 0 AND date < '{until}'"""
WEATHER = "SELECT * FROM weather WHERE date < '{until}'"
STATIONS = """
    SELECT station_id, longitude::float8 AS longitude, latitude::float8 AS latitude
    FROM counters_info"""


@dataclass(frozen=True)
class Tables:
    counts: pd.DataFrame
    weather: pd.DataFrame
    stations: pd.DataFrame


def read_tables(database_url: str, until: str, driver: str) -> Tables:
    """All readings before the day `until` (yyyy-mm-dd) that are numbers of 0 or more."""
    with SNAPSHOTS[driver](database_url) as connection:

        def read(query: str) -> pd.DataFrame:
            return pd.read_sql(query.format(until=until), connection)

        return Tables(counts=read(COUNTS), weather=read(WEATHER), stations=read(STATIONS))


def load_driver(driver: str) -> None:
    """Only the one that is used takes memory."""
    import_module("psycopg2" if driver == "psycopg2" else "adbc_driver_postgresql.dbapi")
    if driver == "psycopg2":
        import_module("sqlalchemy.dialects.postgresql.psycopg2")


def sqlalchemy_snapshot(database_url: str):
    """What most pipelines have: rows come as Python objects."""
    from sqlalchemy import create_engine

    url = database_url.replace("postgres://", "postgresql+psycopg2://", 1)
    return create_engine(url, isolation_level="REPEATABLE READ").connect()


def arrow_snapshot(database_url: str):
    """The quickest that pandas has (since 2.2): COPY BINARY into Arrow's columns, no Python object a number."""
    from adbc_driver_postgresql import dbapi

    connection = dbapi.connect(database_url)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    return connection


SNAPSHOTS = {"psycopg2": sqlalchemy_snapshot, "adbc": arrow_snapshot}
