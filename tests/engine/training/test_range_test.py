"""A learning rate that the training finds: by the steepest fall, and without a trace."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.stack.rates import settled
from engine.tasks import train
from engine.training.descent import steepest
from tests.engine._port import Recorder
from tests.engine.training import _job

RATES = [float(rate) for rate in np.geomspace(1e-7, 10.0, 100)]
GATHERING: dict[str, Any] = {
    "class_name": "LossScaleOptimizer",
    "inner_optimizer": {
        "class_name": "Adam",
        "learning_rate": "auto",
        "gradient_accumulation_steps": 2,
    },
}


def _curve(fall: float, rise: float) -> list[float]:
    """A loss that falls most at one rate and is above where it began at the other."""
    return [
        2.0 - 1.5 / (1 + (fall / rate) ** 2) + (rate / rise) ** 2 for rate in RATES if rate <= rise
    ]


@pytest.mark.parametrize("fall", [1e-4, 1e-2, 0.3])
def test_the_steepest_fall_is_found(fall: float) -> None:
    rng = np.random.default_rng(0)
    losses = _curve(fall, 100 * fall)
    noisy = [loss + 0.05 * float(rng.normal()) for loss in losses]
    for found in (steepest(RATES, losses), steepest(RATES, noisy)):
        assert found.rate is not None
        assert abs(math.log10(found.rate / fall)) < 0.25
    assert len(found.smoothed) == len(losses)


def test_scatter_alone_is_no_fall() -> None:
    rng = np.random.default_rng(1)
    assert steepest(RATES, [1 + 0.1 * float(rng.normal()) for _ in RATES]).rate is None
    assert steepest(RATES, [2.0 + place for place in range(20)]).rate is None
    assert steepest(RATES, [1.0] * 100).rate is None
    assert steepest(RATES[:1], [1.0]).rate is None


def _trained(data: dict[str, Any], out: Path, optimizer: Any, **more: Any) -> Recorder:
    port = Recorder(more.pop("decide", None))
    request = _job.iris_request(compile={"optimizer": optimizer})
    result = train.run(_job.payload(data, request, out, **more), port)
    port.events.append({"event": "result", **result})
    return port


def _epochs(port: Recorder) -> list[Any]:
    return [(event["logs"], event.get("learning_rate")) for event in port.named("epoch")]


def test_the_training_is_that_with_the_rate_it_found(tmp_path: Path) -> None:
    data = _job.iris(tmp_path / "data")
    port = _trained(data, tmp_path / "auto", GATHERING)
    (told,) = port.named("range-test")
    rate = told["learning_rate"]
    assert told["found"]
    assert told["rates"][0] == 1e-7
    assert 1e-3 < rate < told["rates"][-1]
    assert len(told["rates"]) == len(told["losses"]) == len(told["smoothed"]) > 50
    plain = _trained(data, tmp_path / "plain", settled(GATHERING, rate))
    assert plain.named("range-test") == []
    assert _epochs(port) == _epochs(plain)

    known = _trained(data, tmp_path / "known", GATHERING, learning_rate=rate)
    assert known.named("range-test") == []
    assert _epochs(known) == _epochs(plain)


def test_a_checkpoint_holds_the_rate(tmp_path: Path) -> None:
    data, optimizer = _job.iris(tmp_path / "data"), {"class_name": "SGD", "learning_rate": "auto"}

    def leave(events: list[dict[str, Any]]) -> Any:
        return "handover" if any(event["event"] == "epoch" for event in events) else None

    first = _trained(data, tmp_path / "first", optimizer, decide=leave)
    rate = first.named("range-test")[0]["learning_rate"]
    resume = str(tmp_path / "first" / first.named("checkpoint")[-1]["path"])
    second = _trained(data, tmp_path / "second", optimizer, resume=resume)
    assert second.named("range-test") == []
    assert second.named("epoch")[0]["learning_rate"] == pytest.approx(rate)


def test_it_is_left_when_the_job_is_handed_over(tmp_path: Path) -> None:
    def leave(events: list[dict[str, Any]]) -> Any:
        return "handover" if any(event["event"] == "execution" for event in events) else None

    optimizer = {"class_name": "Adam", "learning_rate": "auto"}
    port = _trained(_job.iris(tmp_path / "data"), tmp_path / "out", optimizer, decide=leave)
    assert port.named("result")[0]["outcome"] == "handover"
    assert port.named("range-test") == []


def test_what_lowers_no_loss_keeps_its_own_rate(tmp_path: Path) -> None:
    data = _job.iris(tmp_path / "data")
    silenced = [
        {"class_name": "Input", "name": "input", "shape": [4]},
        {"class_name": "Dense", "name": "hidden", "units": 3},
        {"class_name": "Rescaling", "name": "silence", "scale": 0.0},
        {"class_name": "Softmax", "name": "output"},
    ]
    port = Recorder()
    optimizer = {"class_name": "SGD", "learning_rate": "auto"}
    request = _job.iris_request(
        compile={"optimizer": optimizer}, stack={"layers": silenced}, fit={"epochs": 1}
    )
    train.run(_job.payload(data, request, tmp_path / "out"), port)
    (told,) = port.named("range-test")
    assert told["found"] is False
    assert told["learning_rate"] == pytest.approx(0.01)
    assert port.named("warning")[0]["code"] == "rate-unfound"
