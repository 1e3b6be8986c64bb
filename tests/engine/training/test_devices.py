"""Several devices make the same training as one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.tasks import train
from tests.engine._port import Recorder
from tests.engine.training import _job


def trained(folder: Path, payload: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The events of a training in a process of its own, by name."""
    file = folder / "payload.json"
    file.write_text(json.dumps(payload))
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.training._devices", str(file)],
        capture_output=True,
        text=True,
        env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, list[dict[str, Any]]] = {}
    for line in done.stdout.splitlines():
        event = json.loads(line)
        found.setdefault(event.pop("event"), []).append(event)
    return found


def request(**compile: Any) -> dict[str, Any]:
    made = _job.iris_request(compile=compile)
    made["stack"] = {"layers": [one for one in made["stack"]["layers"] if one["name"] != "dropout"]}
    # 119 rows of 30: the last batch has 29, which two devices cannot share evenly.
    made["fit"] |= {"batch_size": 30, "epochs": 3}
    return made


CLIPPED = {"class_name": "Adam", "learning_rate": 0.01, "global_clipnorm": 0.3}


@pytest.mark.parametrize(
    "more",
    [{"micro_batch": 4}, pytest.param({}, marks=pytest.mark.long)],
    ids=["in pieces", "whole"],
)
def test_two_devices_learn_what_one_does(tmp_path: Path, more: dict[str, Any]) -> None:
    data, wanted, one = _job.iris(tmp_path), request(optimizer=CLIPPED), Recorder()
    expected = train.run(_job.payload(data, wanted, tmp_path / "one"), one)
    two = trained(tmp_path, _job.payload(data, wanted, tmp_path / "two", logical_cpus=2, **more))
    assert two["execution"][0]["devices"] == 2
    assert two["started"][0]["device"]["name"].startswith("2 x ")
    for ours, theirs in zip(two["epoch"], one.named("epoch"), strict=True):
        assert ours["logs"] == pytest.approx(theirs["logs"], rel=1e-4)
    assert two["result"][0]["evaluation"]["metrics"] == pytest.approx(
        expected["evaluation"]["metrics"], rel=1e-4
    )
    assert "warning" not in two


@pytest.mark.long
def test_what_layers_keep_for_themselves_works_on_several_devices(tmp_path: Path) -> None:
    data, wanted = _job.iris(tmp_path), request(optimizer="adam")
    wanted["stack"]["layers"].insert(2, {"class_name": "BatchNormalization", "name": "norm"})
    wanted["stack"]["layers"].insert(3, {"class_name": "Dropout", "name": "drop", "rate": 0.2})
    wanted["fit"] |= {
        "batch_size": 17,
        "precision": "mixed_bfloat16",
        "epochs": 8,
    }
    payload = _job.payload(data, wanted, tmp_path / "first", logical_cpus=2, checkpoint_seconds=0)
    first = trained(tmp_path, payload)
    assert first["epoch"][-1]["logs"]["loss"] < first["epoch"][0]["logs"]["loss"]
    kept = sorted((tmp_path / "first" / "checkpoints").iterdir())[0]
    again = _job.payload(data, wanted, tmp_path / "second", logical_cpus=2, resume=str(kept))
    second = trained(tmp_path, again)
    start = second["started"][0]["from_epoch"]
    assert start == 6
    for ours, theirs in zip(second["epoch"], first["epoch"][start:], strict=True):
        assert ours["logs"] == pytest.approx(theirs["logs"], rel=1e-6)
