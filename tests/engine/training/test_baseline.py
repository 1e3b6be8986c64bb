"""The trivial predictors that a network is compared with."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.dataset.encoder import Encoder, Feed
from engine.dataset.schema import Column
from engine.encodings import encoding_from_json
from engine.targets import TargetEncoding
from engine.tasks import train
from engine.training.baseline import compare
from engine.training.tensors import Tensors
from tests.engine._port import Recorder
from tests.engine.training import _job


def compared(
    metrics: dict[str, float], targets: list[TargetEncoding], parts: dict[str, Tensors], kind: str
) -> dict[str, Any]:
    feed = Feed([Column("x", kind, "float32")], [encoding_from_json("raw")])  # type: ignore[arg-type]
    encoder = Encoder({"input": feed}, {target.column: target for target in targets})
    evaluation: dict[str, Any] = {"part": "validation", "rows": 2, "metrics": metrics}
    compare(evaluation, encoder, parts)
    return evaluation


def part(x: list[Any], **targets: list[Any]) -> Tensors:
    y = {name: np.asarray(values) for name, values in targets.items()}
    return Tensors({"input": np.asarray(x, np.float32)}, y, {})


def test_the_majority_is_that_of_the_training_part() -> None:
    parts = {
        "training": part([[0]] * 5, y=np.array([2, 2, 2, 0, 1], np.int32)),
        "validation": part([[0]] * 4, y=np.array([0, 0, 0, 2], np.int32)),
    }
    target = TargetEncoding("y", "index", ["a", "b", "c"])
    found = compared({"loss": 1.0, "accuracy": 0.75}, [target], parts, "number")
    assert found["baseline"] == {"predictor": "majority", "accuracy": 0.25}
    assert found["lift_over_baseline"] == pytest.approx(0.5)
    assert compared({"loss": 1.0}, [target], parts, "number")["lift_over_baseline"] is None


def test_several_outputs_are_compared_one_by_one() -> None:
    eye = np.eye(2, dtype=np.float32)
    parts = {
        "training": part([[0]] * 3, one=eye[[1, 1, 0]], two=np.array([[1.0], [2.0], [6.0]])),
        "validation": part([[0]] * 2, one=eye[[1, 0]], two=np.array([[3.0], [7.0]])),
    }
    targets = [TargetEncoding("one", "one_hot", ["a", "b"]), TargetEncoding("two", "raw")]
    metrics = {"loss": 1.0, "one_accuracy": 1.0, "two_mae": 1.0}
    found = compared(metrics, targets, parts, "number")
    assert found["baseline"] == {
        "one": {"predictor": "majority", "accuracy": 0.5},
        "two": {"predictor": "mean", "mae": 2.0, "rmse": pytest.approx(np.sqrt(8))},
    }
    assert found["lift_over_baseline"] == {"one": 0.5, "two": 0.5}


def test_a_series_is_continued_by_its_last_value() -> None:
    windows = [[[9.0, step], [9.0, step + 1]] for step in range(10)]
    targets = np.arange(10)[:, None] + 1.5
    parts = {"training": part(windows, y=targets), "validation": part(windows[:2], y=targets[:2])}
    found = compared({"mae": 0.25}, [TargetEncoding("y", "raw")], parts, "tensor")
    assert found["baseline"] == {"predictor": "last-value", "mae": 0.5, "rmse": 0.5}
    assert found["lift_over_baseline"] == 0.5
    # Columns of a table are no series.
    flat = {
        name: Tensors({"input": one.x["input"][:, -1]}, one.y, {}) for name, one in parts.items()
    }
    found = compared({"mae": 0.25}, [TargetEncoding("y", "raw")], flat, "number")
    assert found["baseline"]["predictor"] == "mean"


def test_a_mean_that_is_always_right_leaves_no_lift() -> None:
    parts = {"training": part([[0]], y=[[4.0]]), "validation": part([[0]], y=[[4.0]])}
    found = compared({"mae": 0.5}, [TargetEncoding("y", "raw")], parts, "number")
    assert (found["baseline"]["mae"], found["lift_over_baseline"]) == (0, None)


def test_a_training_is_compared_on_the_rows_it_is_evaluated_on(tmp_path: Path) -> None:
    request = _job.iris_request(
        data={"split": {"by": "stratified", "validation": 0.2, "test": 0.2}}, fit={"epochs": 20}
    )
    payload = _job.payload(_job.iris(tmp_path), request, tmp_path / "out")
    found = train.run(payload, Recorder())["evaluation"]
    assert (found["part"], found["rows"]) == ("test", 30)
    assert found["baseline"] == {"predictor": "majority", "accuracy": pytest.approx(1 / 3)}
    assert found["lift_over_baseline"] == found["metrics"]["accuracy"] - 1 / 3


def test_numbers_of_arrays_have_a_mean_per_position(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    buffer = io.BytesIO()
    values = rng.normal(size=(40, 3)).astype(np.float32) + np.array([0, 50, 100], np.float32)
    np.savez(buffer, image=values)
    request = _job.iris_request(
        data={
            "target": "image",
            "inputs": {"input": {"columns": ["image"], "encoding": [_job.RAW]}},
            "split": {"by": "random", "validation": 0.5, "test": 0.0},
        },
        stack={
            "layers": [
                {"class_name": "Input", "name": "input", "shape": [3]},
                {"class_name": "Dense", "name": "output", "units": 3},
            ]
        },
        compile={"loss": "mse", "metrics": ["mae"]},
        fit={"epochs": 1},
    )
    payload = _job.payload(_job.stored(tmp_path, buffer.getvalue()), request, tmp_path / "out")
    baseline = train.run(payload, Recorder())["evaluation"]["baseline"]
    assert baseline["mae"] < 1.2
