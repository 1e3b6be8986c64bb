"""Encoded data from memory, from disk and from the cache: the same numbers each time."""

import shutil
from pathlib import Path
from typing import Any

import h5py
import pytest

from engine.arrays import room
from engine.tasks import train
from engine.training import material
from tests.engine._port import Recorder
from tests.engine.training import _job
from tests.engine.training.test_windows import planned, series


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is worth keeping."""
    monkeypatch.setattr(material, "WORTH_SECONDS", 0.0)


def cached(folder: Path, **datasets: str) -> dict[str, Any]:
    return {
        "dir": str(folder / "cache"),
        "bytes": 1 << 30,
        "datasets": {"data": "content-1", **datasets},
    }


def run(payload: dict[str, Any], out: Path, **more: Any) -> tuple[Recorder, bytes]:
    """Train; what was said, and the weights."""
    port = Recorder()
    shutil.rmtree(out, ignore_errors=True)
    result = train.run({**payload, "out": str(out), **more}, port)
    assert result["outcome"] == "finished"
    found: list[bytes] = []
    with h5py.File(out / result["files"]["network.weights.h5"]) as file:

        def note(_: str, one: Any) -> None:
            if isinstance(one, h5py.Dataset):
                found.append(one[()].tobytes())

        file.visititems(note)
    assert found
    return port, b"".join(found)


def numbers(port: Recorder) -> Any:
    return [one["logs"] for one in port.named("epoch")]


CASES = ["table", "windows"]


def case(name: str, folder: Path) -> dict[str, Any]:
    if name == "table":
        request = _job.iris_request(
            data={"split": {"by": "stratified", "validation": 0.2, "test": 0.2}},
            fit={"epochs": 2, "class_weight": "balanced"},
        )
        return _job.payload(_job.iris(folder), request, folder)
    data = series(folder)
    return _job.payload(data, planned(data)["request"], folder)


@pytest.mark.parametrize("name", CASES)
def test_from_disk_and_from_the_cache_come_the_same_numbers(
    name: str, tmp_path: Path, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = case(name, tmp_path)
    plain, weights = run(payload, tmp_path / "out")
    payload["cache"] = cached(tmp_path)
    made, first = run(payload, tmp_path / "out")
    told = made.named("encoded")[0]
    assert (told["cached"], told["streamed"]) == (False, False)
    found, second = run(payload, tmp_path / "out")
    assert found.named("encoded")[0]["cached"]
    assert numbers(plain) == numbers(made) == numbers(found)
    assert weights == first == second
    monkeypatch.setattr(room, "HELD_BYTES", 0)
    monkeypatch.setattr(room, "CHUNK_BYTES", 700)
    large = cached(tmp_path / "large")
    for at, warm in ((large, False), (large, True), (None, False)):
        streamed, third = run(payload, tmp_path / "out", cache=at)
        told = streamed.named("encoded")[0]
        assert (told["streamed"], told["cached"]) == (True, warm)
        assert numbers(streamed) == numbers(plain)
        assert third == weights


def test_other_data_seeds_and_encodings_are_other_entries(tmp_path: Path, kept: None) -> None:
    payload = case("table", tmp_path)
    payload["cache"] = cached(tmp_path)
    run(payload, tmp_path / "out")
    for change in ({"fit": {"seed": 8}}, {"data": {"split": {"by": "random", "validation": 0.5}}}):
        request = _job.iris_request(**change)
        assert not run(payload, tmp_path / "out", request=request)[0].named("encoded")[0]["cached"]
    other = {**payload["cache"], "datasets": {"data": "content-2"}}
    assert not run(payload, tmp_path / "out", cache=other)[0].named("encoded")[0]["cached"]


def test_a_damaged_entry_is_made_again(tmp_path: Path, kept: None) -> None:
    payload = case("table", tmp_path)
    payload["cache"] = cached(tmp_path)
    _, weights = run(payload, tmp_path / "out")
    entries = [one for one in (tmp_path / "cache").iterdir() if not one.name.startswith(".")]
    assert len(entries) == 3, "inputs, targets, findings"
    for entry in entries:
        with (entry / "arrays.bin").open("r+b") as file:
            file.seek(10)
            file.write(b"\xff\xff")
    port, again = run(payload, tmp_path / "out")
    assert not port.named("encoded")[0]["cached"]
    assert again == weights
    assert run(payload, tmp_path / "out")[0].named("encoded")[0]["cached"]


def test_without_room_it_trains_all_the_same(
    tmp_path: Path, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = case("table", tmp_path)
    _, weights = run(payload, tmp_path / "out")

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    monkeypatch.setattr(room, "HELD_BYTES", 0)
    port, same = run(payload, tmp_path / "out", cache=cached(tmp_path))
    assert [one["code"] for one in port.named("warning")] == ["storage-full"]
    assert same == weights
    assert not [one for one in (tmp_path / "cache").iterdir() if one.name.startswith(".draft")]
