"""What every task has around it: its plan, its times, its answer."""

import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path

stages: dict[str, float] = {}


@contextmanager
def stage(name: str):
    begun = time.perf_counter()
    yield
    stages[name] = time.perf_counter() - begun


def run(work, prepare=lambda plan: None) -> None:
    """`python TASK.py PLAN.json`: what came of it goes to stdout as JSON.

    What a process has to load is no part of the work, on either side: `prepare` loads what imports do not.
    """
    plan = json.loads(Path(sys.argv[1]).read_text())
    prepare(plan)
    begun = time.perf_counter()
    result = work(plan)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "stages": stages, **result}))
