"""Training alone, on a matrix from two .npy files."""

import numpy as np

from task import run, stage
from training import fit_alone


def train(plan: dict) -> dict:
    values, target = np.load(plan["values"]), np.load(plan["target"])
    with stage("train"):
        model = fit_alone(values, target, plan["parameters"], plan["threads"])
    return {"rows": len(target), "bytes": len(model.save_raw("ubj"))}


if __name__ == "__main__":
    run(train)
