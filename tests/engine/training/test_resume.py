"""A resumed training is the same computation as one that was never interrupted."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.faults import Fault
from engine.tasks import train
from engine.training import checkpoint
from engine.training.snapshot import Snapshot
from tests.engine._port import Recorder
from tests.engine.training import _job

EARLY = {
    "class_name": "EarlyStopping",
    "monitor": "val_loss",
    "patience": 2,
    "min_delta": 0.02,
    "restore_best_weights": True,
}
PLATEAU = {"class_name": "ReduceLROnPlateau", "monitor": "loss", "patience": 1, "min_delta": 0.05}


def request() -> dict[str, Any]:
    # One step at a time, so that orders come between any two.
    one = {"steps_per_execution": 1}
    made = _job.iris_request(compile=one, fit={"epochs": 30}, callbacks=[EARLY, PLATEAU])
    made["stack"]["layers"].insert(2, {"class_name": "BatchNormalization", "name": "norm"})
    made["stack"]["layers"].insert(
        2, {"class_name": "GaussianNoise", "name": "noise", "stddev": 0.1}
    )
    return made


def weights(out: Path) -> bytes:
    import h5py

    found: dict[str, bytes] = {}
    with h5py.File(out / "model" / "network.weights.h5") as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()].tobytes()}) if isinstance(item, h5py.Dataset) else None
            )
        )
    assert found
    return json.dumps({name: value.hex() for name, value in sorted(found.items())}).encode()


def logs(*ports: Recorder) -> list[dict[str, Any]]:
    return [event["logs"] for port in ports for event in port.named("epoch")]


def at_step(epoch: int, step: int) -> Callable[[list[dict[str, Any]]], Any]:
    """Orders a handover when asked for the `step`-th time since the epoch before `epoch` ended."""
    asked = 0

    def decide(events: list[dict[str, Any]]) -> Any:
        nonlocal asked
        if sum(event["event"] == "epoch" for event in events) == epoch:
            asked += 1
            return "handover" if asked > step else None
        return None

    return decide


@dataclass(frozen=True)
class Whole:
    """A training that nobody interrupted."""

    data: dict[str, Any]
    out: Path
    port: Recorder
    result: dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    data, port = _job.iris(folder), Recorder()
    payload = _job.payload(data, request(), folder / "out", checkpoint_seconds=0)
    return Whole(data, folder / "out", port, train.run(payload, port))


@pytest.mark.parametrize(("epoch", "step"), [(0, 0), (0, 3), (2, 1), (3, 0), (4, 7)])
def test_handover_and_resume_give_the_same_bits(
    epoch: int, step: int, whole: Whole, tmp_path: Path
) -> None:
    data, expected = whole.data, whole.result
    assert expected["stop_reason"] == "early-stopping"
    assert expected["epochs_completed"] > 5

    first = Recorder(at_step(epoch, step))
    left = train.run(_job.payload(data, request(), tmp_path / "first"), first)
    assert left["outcome"] == "handover"
    assert left["files"] == {}
    (saved,) = first.named("checkpoint")
    assert saved["epoch"] == epoch - 1

    second = Recorder()
    resume = str(tmp_path / "first" / saved["path"])
    payload = _job.payload(data, request(), tmp_path / "second", resume=resume)
    result = train.run(payload, second)
    assert second.named("started")[0]["from_epoch"] == epoch
    assert logs(first, second) == logs(whole.port)
    assert result["evaluation"] == expected["evaluation"]
    assert result["stop_reason"] == expected["stop_reason"]
    assert weights(tmp_path / "second") == weights(whole.out)


def test_resume_after_a_crash_repeats_the_lost_epochs(whole: Whole, tmp_path: Path) -> None:
    data = whole.data
    kept = sorted((whole.out / "checkpoints").iterdir())
    assert len(kept) == 2
    second = Recorder()
    train.run(_job.payload(data, request(), tmp_path / "second", resume=str(kept[0])), second)
    start = second.named("started")[0]["from_epoch"]
    assert start > 3
    assert logs(second) == logs(whole.port)[start:]
    assert weights(tmp_path / "second") == weights(whole.out)


@pytest.mark.parametrize("file", ["arrays.bin", "state.json", "manifest.json"])
def test_damage_is_noticed(file: str, tmp_path: Path) -> None:
    arrays = [np.arange(5, dtype=np.float32), np.array(3, np.uint32), np.zeros((2, 0), np.int64)]
    best = {"best": 0.5, "wait": 2, "best_weights": [np.ones((2, 3), np.float64)], "nothing": None}
    taken = [
        Snapshot(epoch, 2, arrays, [np.array(1.5, np.float32)], [best, {}]) for epoch in (3, 4)
    ]
    older, newer = [checkpoint.write(tmp_path, snapshot) for snapshot in taken]
    found = checkpoint.read(newer)
    assert (found.epoch, found.step) == (4, 2)
    assert all(np.array_equal(a, b) for a, b in zip(found.variables, arrays, strict=True))
    assert [a.dtype for a in found.variables] == [a.dtype for a in arrays]
    assert found.callbacks[0]["best_weights"][0].tolist() == np.ones((2, 3)).tolist()
    assert {k: v for k, v in found.callbacks[0].items() if k != "best_weights"} == {
        "best": 0.5,
        "wait": 2,
        "nothing": None,
    }
    for folder, left in ((newer, 3), (older, None)):
        content = bytearray((folder / file).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / file).write_bytes(content)
        with pytest.raises(checkpoint.DamagedCheckpoint):
            checkpoint.read(folder)
        usable = checkpoint.newest(newer)
        assert (usable.epoch if usable else None) == left


def test_without_any_good_checkpoint_the_training_starts_anew(tmp_path: Path) -> None:
    port = Recorder()
    short = _job.iris_request(fit={"epochs": 1})
    resume = str(tmp_path / "gone" / "checkpoints" / "epoch-000001-step-00000000")
    train.run(_job.payload(_job.iris(tmp_path), short, tmp_path / "b", resume=resume), port)
    assert port.named("started")[0]["from_epoch"] == 0
    assert [event["code"] for event in port.named("warning")] == ["checkpoint-damaged"]


def test_half_precision_floats_survive(tmp_path: Path) -> None:
    import ml_dtypes

    values = np.array([1.5, -2.0], ml_dtypes.bfloat16)
    folder = checkpoint.write(tmp_path, Snapshot(1, 0, [values]))
    (found,) = checkpoint.read(folder).variables
    assert found.dtype == values.dtype
    assert found.tolist() == values.tolist()


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    data = _job.iris(tmp_path)
    short = _job.iris_request(fit={"epochs": 2})
    train.run(_job.payload(data, short, tmp_path / "a", checkpoint_seconds=0), Recorder())
    folder = next((tmp_path / "a" / "checkpoints").iterdir())
    short["stack"]["layers"][1]["units"] = 8
    with pytest.raises(Fault, match="another network"):
        train.run(_job.payload(data, short, tmp_path / "b", resume=str(folder)), Recorder())


def test_a_full_disk_costs_the_checkpoint_and_not_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "_write_files", full)
    port = Recorder()
    short = _job.iris_request(fit={"epochs": 3})
    payload = _job.payload(_job.iris(tmp_path), short, tmp_path / "out", checkpoint_seconds=0)
    assert train.run(payload, port)["outcome"] == "finished"
    # The canary's and those after two epochs.
    assert [event["code"] for event in port.named("warning")] == ["storage-full"] * 3
    assert list((tmp_path / "out" / "checkpoints").iterdir()) == []
