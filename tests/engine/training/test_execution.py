"""However many steps one call of the graph makes, the training is the same."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.stack import build_network
from engine.tasks import train
from engine.training.steps import steps_at_once
from tests.engine._port import Recorder
from tests.engine.training import _job


def trained(data: dict[str, Any], out: Path, **changes: Any) -> tuple[Recorder, list[Any]]:
    """What a training reports, and its weights."""
    port = Recorder()
    request = _job.iris_request(**changes)
    result = train.run(_job.payload(data, request, out), port)
    network = build_network(request["stack"])
    network.load_weights(out / result["files"]["network.weights.h5"])
    port.events.append({"event": "result", **result})
    return port, network.get_weights()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _job.iris(tmp_path_factory.mktemp("iris"))


@pytest.mark.parametrize("steps", [2, 3, 1000, "auto"])
def test_the_numbers_do_not_depend_on_it(data: dict[str, Any], tmp_path: Path, steps: Any) -> None:
    one, expected = trained(data, tmp_path / "one", compile={"steps_per_execution": 1})
    port, found = trained(data, tmp_path / "many", compile={"steps_per_execution": steps})
    logs = [[event["logs"] for event in each.named("epoch")] for each in (one, port)]
    assert logs[0] == logs[1]
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(found, expected, strict=True))
    (told,) = port.named("execution")
    if steps == "auto":
        assert 1 <= told["steps_per_execution"] <= 8
        assert told["seconds_per_step"] > 0
    else:
        assert told["steps_per_execution"] == steps
    # A step further than the end of an epoch is never told of.
    assert all(event["step"] <= event["steps_per_epoch"] for event in port.named("progress"))


def test_xla_gives_nearly_the_same(data: dict[str, Any], tmp_path: Path) -> None:
    stack = {"layers": list(_job.iris_request()["stack"]["layers"])}
    stack["layers"].pop(2)  # XLA draws other numbers for Dropout
    _, expected = trained(data, tmp_path / "plain", stack=stack)
    port, found = trained(data, tmp_path / "xla", stack=stack, compile={"jit_compile": True})
    assert port.named("execution")[0]["jit_compile"] is True
    for ours, theirs in zip(found, expected, strict=True):
        assert np.allclose(ours, theirs, atol=1e-3)


def test_a_call_stays_short() -> None:
    assert steps_at_once(0.001, 10_000) == 100
    assert steps_at_once(0.001, 8) == 8
    assert steps_at_once(3.0, 8) == 1
    assert steps_at_once(None, 8) == 1


def test_it_ends_when_the_metric_is_reached(data: dict[str, Any], tmp_path: Path) -> None:
    until = {"monitor": "val_loss", "value": 0.8}
    port, _ = trained(data, tmp_path, fit={"epochs": 200, "until": until})
    losses = [event["logs"]["val_loss"] for event in port.named("epoch")]
    assert losses[-1] <= 0.8 < min(losses[:-1])
    assert port.named("result")[0]["stop_reason"] == "target-reached"


def test_more_of_an_accuracy_is_better(data: dict[str, Any], tmp_path: Path) -> None:
    until = {"monitor": "accuracy", "value": 0.8}
    port, _ = trained(data, tmp_path, fit={"epochs": 200, "until": until})
    values = [event["logs"]["accuracy"] for event in port.named("epoch")]
    assert max(values[:-1]) < 0.8 <= values[-1]


def test_it_ends_when_its_time_is_spent(data: dict[str, Any], tmp_path: Path) -> None:
    port, _ = trained(data, tmp_path, fit={"epochs": 100_000, "max_seconds": 1.0})
    (result,) = port.named("result")
    assert result["stop_reason"] == "time-budget"
    assert result["files"]
    assert 0 < result["epochs_completed"] < 100_000


def test_determinism_is_asked_of_tensorflow(data: dict[str, Any], tmp_path: Path) -> None:
    from tensorflow.python.framework import config

    try:
        port, weights = trained(data, tmp_path / "one", fit={"deterministic": True})
        assert config.is_op_determinism_enabled()
        again, same = trained(data, tmp_path / "two", fit={"deterministic": True})
    finally:
        config.disable_op_determinism()
    assert [event["logs"] for event in port.named("epoch")] == [
        event["logs"] for event in again.named("epoch")
    ]
    assert all(np.array_equal(one, two) for one, two in zip(weights, same, strict=True))
