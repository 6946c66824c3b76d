"""The whole pipeline, from the tables to the files that the service loads."""

from pathlib import Path

import joblib

from features import build
from matrix import facts_of
from tables import load_driver
from task import run, stage
from training import final_model, search


def retrain(plan: dict) -> dict:
    matrix = build(plan)
    with stage("search"):
        found = search(matrix, plan["threads"])
    with stage("train"):
        model = final_model(matrix, found.winner, plan["threads"])
    with stage("publish"):
        directory = Path(plan["directory"])
        joblib.dump(model, directory / "xgboost_v1.pkl")
        joblib.dump({"stations": matrix.stations}, directory / "preprocessor_v1.pkl")
    return {
        **facts_of(matrix),
        "winner": found.winner,
        "grid": found.grid,
        "gridRounds": found.rounds,
        "fitSeconds": found.fit_seconds,
    }


if __name__ == "__main__":
    run(retrain, prepare=lambda plan: load_driver(plan["driver"]))
