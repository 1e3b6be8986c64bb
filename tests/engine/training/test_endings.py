"""How trainings end early or fail, and whom they blame."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from engine.faults import Fault
from engine.tasks import train
from engine.training.blame import classified
from engine.training.reporter import plain
from tests.engine._port import Recorder
from tests.engine.training import _job


def test_stop_ends_after_the_epoch_and_keeps_the_model(tmp_path: Path) -> None:
    def decide(events: list[dict[str, Any]]) -> Any:
        done = sum(event["event"] == "epoch" for event in events)
        return "stop" if done >= 2 else None

    port = Recorder(decide)
    request = _job.iris_request(fit={"epochs": 50})
    result = train.run(_job.payload(_job.iris(tmp_path), request, tmp_path / "out"), port)
    assert (result["outcome"], result["stop_reason"]) == ("finished", "user")
    assert result["epochs_completed"] == 2
    assert (tmp_path / "out" / "model" / "network.keras").is_file()


@pytest.mark.parametrize("callbacks", [[], [{"class_name": "TerminateOnNaN"}]])
def test_a_diverged_loss_is_told_after_its_epoch(callbacks: list[Any], tmp_path: Path) -> None:
    request = _job.iris_request(
        compile={"optimizer": {"class_name": "SGD", "learning_rate": 1e30}, "loss": "mse"},
        callbacks=callbacks,
    )
    request["stack"]["layers"][-1]["activation"] = "linear"
    request["stack"]["layers"][-1]["units"] = 1
    request["data"]["target"] = "petal width (cm)"
    request["compile"]["metrics"] = ["mae"]
    port = Recorder()
    with pytest.raises(Fault, match="learning rate") as caught:
        train.run(_job.payload(_job.iris(tmp_path), request, tmp_path / "out"), port)
    assert caught.value.code == "diverged"
    last = port.named("epoch")[-1]["logs"]["loss"]
    assert last in ("NaN", "Infinity")
    assert not (tmp_path / "out" / "model").exists()


def test_logs_are_plain_json() -> None:
    logs = {"a": np.float32(0.5), "b": math.nan, "c": math.inf, "d": -math.inf}
    assert plain(logs) == {"a": 0.5, "b": "NaN", "c": "Infinity", "d": "-Infinity"}


def test_missing_numbers_under_raw_are_a_data_error(tmp_path: Path) -> None:
    rows = "\n".join(f"{'' if n == 3 else n}.5,{'ab'[n % 2]}" for n in range(20))
    data = _job.stored(
        tmp_path, f"x,y\n{rows.replace('.5,b', '.5,b')}\n".replace("\n.5", "\n").encode()
    )
    request = _job.iris_request(
        data={"target": "y", "inputs": {"input": {"columns": ["x"], "encoding": [_job.RAW]}}}
    )
    request["stack"]["layers"][0]["shape"] = [1]
    request["stack"]["layers"][-1]["units"] = 2
    with pytest.raises(Fault, match="Column 'x': 1 numbers are missing") as caught:
        train.run(_job.payload(data, request, tmp_path / "out"), Recorder())
    assert caught.value.code == "data-error"


def test_labels_out_of_range_are_a_data_error(tmp_path: Path) -> None:
    request = _job.iris_request()
    request["stack"]["layers"][-1]["units"] = 2
    with pytest.raises(Fault) as caught:
        train.run(_job.payload(_job.iris(tmp_path), request, tmp_path / "out"), Recorder())
    assert caught.value.code == "data-error"


def test_rows_without_target_are_left_out_and_told(tmp_path: Path) -> None:
    rows = "\n".join(f"{n}.5,{'ab'[n % 2] if n > 3 else ''}" for n in range(24))
    data = _job.stored(tmp_path, f"x,y\n{rows}\n".encode())
    inputs = {"input": {"columns": ["x"], "encoding": [_job.STANDARD]}}
    request = _job.iris_request(data={"target": "y", "inputs": inputs}, fit={"epochs": 1})
    request["stack"]["layers"][0]["shape"] = [1]
    port = Recorder()
    train.run(_job.payload(data, request, tmp_path / "out"), port)
    assert port.named("warning") == [
        {
            "event": "warning",
            "code": "rows-left-out",
            "detail": "4 rows without a target or weight are left out.",
        }
    ]
    assert port.named("started")[0]["rows"] == {"training": 16, "validation": 4, "test": 0}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (
            tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"),
            "out-of-memory",
        ),
        (MemoryError(), "out-of-memory"),
        (tf.errors.InvalidArgumentError(None, None, "Received a label value of 9"), "data-error"),
        (OSError(28, "No space left on device"), "storage-full"),
    ],
)
def test_exceptions_are_classified(error: Exception, code: str) -> None:
    with pytest.raises(Fault) as caught, classified():
        raise error
    assert caught.value.code == code


def test_a_mistake_of_ours_is_nobody_elses_fault() -> None:
    with pytest.raises(KeyError), classified():
        raise KeyError("x")
