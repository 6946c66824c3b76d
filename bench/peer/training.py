"""The grid over all rows, and the final model on all of them."""

from dataclasses import dataclass

import numpy as np
import xgboost as xgb
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit

from matrix import FEATURES, Matrix

GRID = {"max_depth": [3, 5, 7], "learning_rate": [0.01, 0.1], "n_estimators": [100, 500, 1000]}


@dataclass(frozen=True)
class Search:
    winner: dict
    grid: list[dict]
    rounds: int
    fit_seconds: float


def regressor(threads: int, **parameters) -> xgb.XGBRegressor:
    return xgb.XGBRegressor(
        objective="reg:squarederror", tree_method="hist", random_state=0, n_jobs=threads, **parameters
    )


def search(matrix: Matrix, workers: int) -> Search:
    """18 candidates on three time-ordered folds: as many at once as there are cores, one thread each."""
    grid = GridSearchCV(
        regressor(threads=1),
        GRID,
        cv=TimeSeriesSplit(3),
        scoring="neg_root_mean_squared_error",
        n_jobs=workers,
        refit=False,
    ).fit(matrix.values, matrix.target)
    results = grid.cv_results_
    scored = [
        {
            "maxDepth": parameters["max_depth"],
            "learningRate": parameters["learning_rate"],
            "rounds": parameters["n_estimators"],
            "meanRmse": -float(results["mean_test_score"][index]),
            "foldRmse": [-float(results[f"split{fold}_test_score"][index]) for fold in range(3)],
        }
        for index, parameters in enumerate(results["params"])
    ]
    return Search(
        winner=min(scored, key=lambda row: row["meanRmse"]),
        grid=scored,
        rounds=3 * sum(row["rounds"] for row in scored),
        fit_seconds=3 * float(results["mean_fit_time"].sum()),
    )


def final_model(matrix: Matrix, winner: dict, threads: int) -> xgb.XGBRegressor:
    """The winner's parameters on 100 % of the rows, with all threads."""
    model = regressor(
        threads,
        max_depth=winner["maxDepth"],
        learning_rate=winner["learningRate"],
        n_estimators=winner["rounds"],
    )
    model.fit(matrix.values, matrix.target)
    model.get_booster().feature_names = FEATURES
    return model


def fit_alone(values: np.ndarray, target: np.ndarray, parameters: dict, threads: int) -> xgb.Booster:
    """One booster without scikit-learn: the least that Python can put between a matrix and the library."""
    matrix = xgb.QuantileDMatrix(values, target, nthread=threads)
    settings = {
        "objective": "reg:squarederror",
        "tree_method": "hist",
        "max_depth": parameters["maxDepth"],
        "learning_rate": parameters["learningRate"],
        "seed": 0,
        "nthread": threads,
    }
    return xgb.train(settings, matrix, num_boost_round=parameters["rounds"])
