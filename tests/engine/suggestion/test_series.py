"""A suggestion for a time series, over five periods of a real one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.tasks import check, suggest, train
from tests.engine._port import Recorder
from tests.engine.suggestion import data


def suggested(folder: Path, years: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is suggested for the sunspots until so many years after 1700, and the data."""
    folder.mkdir()
    stored = data.sunspots(folder, years)
    section = {"dataset": "ds_x", "target": "SUNACTIVITY"}
    classes = stored.pop("classes")
    asked = {"data": section, "schema": stored["schema"], "classes": classes}
    return suggest.run(asked, Recorder()), stored


def lift(folder: Path, years: int, **fit: int) -> float:
    """How much nearer than the last value the network comes, in the last years."""
    found, stored = suggested(folder, years)
    body = found["request"]
    body["fit"] |= fit
    request = check.run({**body, "schema": stored["schema"]}, Recorder())["request"]
    told = {**stored, "request": request, "out": str(folder / "out"), "threads": 2, "gpus": 0}
    evaluation = train.run(told, Recorder())["evaluation"]
    assert evaluation["part"] == "test"
    assert evaluation["baseline"]["predictor"] == "last-value"
    return float(evaluation["lift_over_baseline"])


def test_a_column_of_years_makes_a_series(tmp_path: Path) -> None:
    found, _ = suggested(tmp_path / "all", 309)
    request = found["request"]
    assert request["data"]["window"] == {"length": 25, "horizon": 1, "order": "YEAR"}
    assert request["data"]["split"]["by"] == "time"
    assert request["stack"]["layers"][0]["class_name"] == "LSTM"
    assert request["compile"]["optimizer"]["class_name"] == "RMSprop"
    reasons = {reason["pointer"]: reason["because"] for reason in found["reasons"]}
    assert "YEAR" in reasons["/data/window"]


def test_without_times_it_is_a_table(tmp_path: Path) -> None:
    stored = data.diabetes(tmp_path)
    section = {"dataset": "ds_x", "target": "target"}
    asked = {"data": section, "schema": stored["schema"], "classes": stored["classes"]}
    assert "window" not in suggest.run(asked, Recorder())["request"]["data"]


@pytest.mark.long
def test_it_beats_the_last_value_beyond_chance(tmp_path: Path) -> None:
    """Five periods, each the last tenth or so of the years that were known by then."""
    periods = (189, 219, 249, 279, 309)
    found = np.array([lift(tmp_path / str(years), years) for years in periods])
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert found.mean() >= 3 * error
    assert found.min() > 0
