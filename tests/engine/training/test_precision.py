"""Mixed precision: layers compute in 16 bits, weights and outputs stay in 32."""

from pathlib import Path
from typing import Any

import pytest

from engine.tasks import check, train
from tests.engine._port import Recorder
from tests.engine.silent import Silent
from tests.engine.training import _job


def plan(data: dict[str, Any], policy: str) -> dict[str, Any]:
    """The plan of a small network on iris in this precision."""
    request = _job.iris_request()
    body = {
        "stack": [
            {"class_name": "Dense", "units": 16, "activation": "relu"},
            {"class_name": "BatchNormalization", "dtype": "float32"},
            {"class_name": "Dense", "units": 3, "activation": "softmax"},
        ],
        "schema": data["schema"],
        "data": {"dataset": "ds_x", "target": "species"},
        "fit": {**request["fit"], "epochs": 30, "precision": policy},
    }
    return check.run(body, Silent())


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_it_learns_and_goes_on_from_a_checkpoint(policy: str, tmp_path: Path) -> None:
    data = _job.iris(tmp_path)
    request = plan(data, policy)["request"]
    layers = request["stack"]["layers"]
    assert [layer.get("dtype") for layer in layers] == ["float32", policy, "float32", None]
    assert plan(data, "float32")["request"]["stack"]["layers"][1].get("dtype") is None
    port = Recorder()
    payload = _job.payload(data, request, tmp_path / "whole", checkpoint_seconds=0)
    result = train.run(payload, port)
    assert result["evaluation"]["metrics"]["accuracy"] > 0.8
    kept = sorted((tmp_path / "whole" / "checkpoints").iterdir())[0]
    again = Recorder()
    train.run(_job.payload(data, request, tmp_path / "resumed", resume=str(kept)), again)
    logs = [[event["logs"] for event in each.named("epoch")] for each in (port, again)]
    assert logs[1] == logs[0][-len(logs[1]) :]


def test_a_plan_is_the_plan_of_its_own_request(tmp_path: Path) -> None:
    data = _job.iris(tmp_path)
    first = plan(data, "mixed_bfloat16")
    again = check.run({**first["request"], "schema": data["schema"]}, Silent())
    assert again["request"] == first["request"]
    halves = [layer["activation_bytes"] for layer in first["layers"]]
    whole = [layer["activation_bytes"] for layer in plan(data, "float32")["layers"]]
    assert halves[1] < whole[1]
