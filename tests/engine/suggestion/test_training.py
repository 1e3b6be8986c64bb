"""Suggested bodies train on real data of every kind and beat the trivial predictor."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.tasks import check, suggest, train
from tests.engine._port import Recorder
from tests.engine.suggestion import data

Maker = Callable[[Path], dict[str, Any]]
CASES: list[tuple[Maker, dict[str, str]]] = [
    (data.digits, {}),
    (data.penguins, {"target": "species"}),
    (data.diabetes, {"target": "target"}),
    (data.reviews, {"target": "mood"}),
]


def lifts(make: Maker, asked: dict[str, str], folder: Path, splits: int, **fit: int) -> list[float]:
    """The lift over the baseline on the test part, for so many splits."""
    stored = make(folder)
    classes = stored.pop("classes")
    section = {"dataset": "ds_x", **asked}
    payload = {"data": section, "schema": stored["schema"], "classes": classes}
    body = suggest.run(payload, Recorder())["request"]
    body["fit"] |= fit
    plan = check.run({**body, "schema": stored["schema"]}, Recorder())
    found = []
    for split in range(splits):
        request = copy.deepcopy(plan["request"])
        request["data"]["split"]["seed"] = split
        out = str(folder / f"out{split}")
        told = {**stored, "request": request, "out": out, "threads": 2, "gpus": 0}
        evaluation = train.run(told, Recorder())["evaluation"]
        assert evaluation["part"] == "test"
        found.append(evaluation["lift_over_baseline"])
    return found


@pytest.mark.parametrize(("make", "asked"), CASES)
def test_it_beats_the_baseline(make: Maker, asked: dict[str, str], tmp_path: Path) -> None:
    (lift,) = lifts(make, asked, tmp_path, 1, epochs=15)
    assert lift > 0.2


@pytest.mark.long
@pytest.mark.parametrize(("make", "asked"), CASES)
def test_it_beats_the_baseline_beyond_chance(
    make: Maker, asked: dict[str, str], tmp_path: Path
) -> None:
    found = np.array(lifts(make, asked, tmp_path, 5))
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert found.mean() >= 3 * error
    assert found.min() > 0.1
