"""From the tables to the training matrix."""

from matrix import Matrix, facts_of, matrix_of
from tables import load_driver, read_tables
from task import run, stage


def build(plan: dict) -> Matrix:
    with stage("extract"):
        tables = read_tables(plan["databaseUrl"], plan["until"], plan["driver"])
    with stage("features"):
        return matrix_of(tables)


def features(plan: dict) -> dict:
    return facts_of(build(plan))


if __name__ == "__main__":
    run(features, prepare=lambda plan: load_driver(plan["driver"]))
