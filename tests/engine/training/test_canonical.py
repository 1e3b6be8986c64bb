"""From a client's short request, through the check, to a model that answers."""

import math
from pathlib import Path
from typing import Any

import palmerpenguins
import pytest

from engine.tasks import check, predict, train
from tests.engine._port import Recorder
from tests.engine.training import _job

SECTIONS = ("stack", "data", "compile", "fit", "callbacks", "resources")


def checked(data: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    payload = {name: body.get(name) for name in SECTIONS}
    payload |= {"schema": data["schema"], "limits": {"layers": 2000, "nesting": 8}}
    payload["pointers"] = {name: f"/{name}" for name in SECTIONS}
    return check.run(payload, Recorder())


@pytest.mark.parametrize(
    ("target", "stack", "metric", "answer"),
    [
        (
            "species",
            [
                {"class_name": "Dense", "units": 16, "activation": "relu"},
                {"class_name": "Dropout", "rate": 0.2},
                {"class_name": "Dense", "units": 3, "activation": "softmax"},
            ],
            "accuracy",
            "label",
        ),
        (
            "sex",
            [
                {"class_name": "Dense", "units": 16, "activation": "tanh"},
                {"class_name": "Dense", "units": 1, "activation": "sigmoid"},
            ],
            "accuracy",
            "label",
        ),
        ("body_mass_g", [{"class_name": "Dense", "units": 1}], "mae", "value"),
    ],
)
def test_the_smallest_request_trains_and_answers(
    target: str, stack: list[Any], metric: str, answer: str, tmp_path: Path
) -> None:
    frame = palmerpenguins.load_penguins()
    data = _job.stored(tmp_path, frame.to_csv(index=False).encode())
    body = {
        "data": {"dataset": "ds_x", "target": target},
        "stack": stack,
        "fit": {"epochs": 3},
        "callbacks": [{"class_name": "EarlyStopping", "patience": 5}],
    }
    plan = checked(data, body)
    port = Recorder()
    payload = _job.payload(data, plan["request"], tmp_path / "o")
    result = train.run(payload, port)
    started = port.named("started")[0]
    assert {key: plan["parameters"][key] for key in started["parameters"]} == started["parameters"]
    assert started["steps_per_epoch"] == plan["steps_per_epoch"]
    logs = port.named("epoch")[0]["logs"]
    assert list(logs) == [*sorted([metric, "loss"]), *sorted([f"val_{metric}", "val_loss"])]
    assert len(port.named("epoch")) == 3
    record = {
        name: value if isinstance(value, str | int) or math.isfinite(value) else None
        for name, value in frame.drop(columns=target).iloc[3].to_dict().items()
    }
    folder = str(tmp_path / "o" / "model")
    asked = {"model": folder, "digest": folder, "records": [record]}
    (found,) = predict.run(asked, Recorder())["predictions"]
    assert answer in found
    assert result["evaluation"]["metrics"][metric] >= 0
