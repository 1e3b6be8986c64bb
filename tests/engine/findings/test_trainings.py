"""Real trainings: good ones are left in peace, bad ones are told what is wrong with them."""

from pathlib import Path
from typing import Any

import numpy as np
import palmerpenguins
import pytest

from engine.faults import Fault
from engine.tasks import check, train
from tests.engine._port import Recorder
from tests.engine.training import _job

CNN = [
    {"class_name": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
    {"class_name": "Flatten"},
    {"class_name": "Dense", "units": 32, "activation": "relu"},
    {"class_name": "Dense", "units": 10, "activation": "softmax"},
]
MLP = [
    {"class_name": "Dense", "units": 64, "activation": "relu"},
    {"class_name": "Dense", "units": 3, "activation": "softmax"},
]


def run(
    folder: Path, data: dict[str, Any], target: str, stack: list[Any], rate: float, **fit: Any
) -> tuple[dict[str, Any], Recorder]:
    """Check and train, as a client's request would be; with Adam."""
    body = {
        "schema": data["schema"],
        "data": {"dataset": "ds_x", "target": target},
        "stack": stack,
        "compile": {"optimizer": {"class_name": "Adam", "learning_rate": rate}},
        "fit": {"seed": 3, **fit},
    }
    request = check.run(body, Recorder())["request"]
    port = Recorder()
    result = train.run(_job.payload(data, request, folder / "out"), port)
    told = [(one["rule"], one["pointer"]) for one in of_training(port.named("advice"))]
    assert len(set(told)) == len(told), "each finding is told once"
    return result, port


def of_training(advice: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what was found in the data: iris repeats a row."""
    return [one for one in advice if one["source"] == "training"]


def rules(result: dict[str, Any]) -> set[str]:
    return {one["rule"] for one in result["advice"]}


@pytest.mark.parametrize("name", ["iris", "digits", "penguins"])
def test_good_trainings_are_left_in_peace(name: str, tmp_path: Path) -> None:
    if name == "penguins":
        frame = palmerpenguins.load_penguins().dropna()
        data = _job.stored(tmp_path, frame.to_csv(index=False).encode())
        result, port = run(tmp_path, data, "species", MLP, 0.003, epochs=25)
    elif name == "digits":
        result, port = run(tmp_path, _job.digits(tmp_path), "label", CNN, 0.001, epochs=12)
    else:
        result, port = run(tmp_path, _job.iris(tmp_path), "species", MLP, 0.01, epochs=40)
    assert result["evaluation"]["metrics"]["accuracy"] > 0.9
    assert of_training(result["advice"]) == []
    assert of_training(port.named("advice")) == []
    assert port.named("warning") == []


def test_far_too_large_steps_kill_a_network(tmp_path: Path) -> None:
    result, _ = run(tmp_path, _job.digits(tmp_path), "label", CNN, 0.9, epochs=25)
    assert {"dead-relus", "constant-prediction", "no-better-than-baseline"} <= rules(result)
    (constant,) = [one for one in result["advice"] if one["rule"] == "constant-prediction"]
    assert constant["fix"] == [
        {"op": "add", "path": "/compile/optimizer/learning_rate", "value": 0.09}
    ]


def test_far_too_small_steps_end_a_training_that_asked_for_it(tmp_path: Path) -> None:
    data = _job.digits(tmp_path)
    stop_on = ["overfitting", "loss-not-falling"]
    result, port = run(tmp_path, data, "label", CNN, 1e-8, epochs=400, stop_on=stop_on)
    assert result["stop_reason"] == "finding:loss-not-falling"
    assert 5 <= result["epochs_completed"] < 400
    assert of_training(port.named("advice"))[0]["rule"] == "loss-not-falling"
    assert "loss-not-falling" in rules(result)


def test_noise_is_learned_by_heart(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 20))
    yes = x[:, 0] + 1.5 * rng.normal(size=300) > 0
    header = ",".join([*(f"x{number}" for number in range(20)), "y"])
    lines = [f"{','.join(map(str, row))},{'yes' if one else 'no'}" for row, one in zip(x, yes)]  # noqa: B905
    data = _job.stored(tmp_path, "\n".join([header, *lines]).encode())
    stack = [
        {"class_name": "Dense", "units": 128, "activation": "relu"},
        {"class_name": "Dense", "units": 2, "activation": "softmax"},
    ]
    result, _ = run(tmp_path, data, "y", stack, 0.003, epochs=60)
    (found,) = [one for one in result["advice"] if one["rule"] == "overfitting"]
    assert found["fix"][0]["value"]["class_name"] == "EarlyStopping"
    assert found["evidence"]["last"] > found["evidence"]["best"]


def test_a_divergence_is_told_before_the_end(tmp_path: Path) -> None:
    data = _job.stored(tmp_path, b"x,y\n" + b"".join(b"%.3f,%d\n" % (n / 7, n) for n in range(200)))
    request = check.run(
        {
            "schema": data["schema"],
            "data": {"dataset": "ds_x", "target": "y"},
            "stack": [{"class_name": "Dense", "units": 1}],
            "compile": {"optimizer": {"class_name": "SGD", "learning_rate": 1e6}},
            "fit": {"epochs": 60},
        },
        Recorder(),
    )["request"]
    port = Recorder()
    with pytest.raises(Fault, match="loss became"):
        train.run(_job.payload(data, request, tmp_path / "out"), port)
    assert port.named("advice")[-1]["rule"] == "learning-rate-too-high"


def test_a_rule_that_cannot_end_a_training_is_refused(tmp_path: Path) -> None:
    data = _job.iris(tmp_path)
    with pytest.raises(Fault) as caught:
        run(tmp_path, data, "species", MLP, 0.01, stop_on=["overfiting"])
    (item,) = caught.value.items
    assert (item.pointer, item.did_you_mean) == ("/fit/stop_on/0", ["overfitting"])
