"""A training that is killed again and again becomes the model that an unharmed one makes."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.training import checkpoint
from tests.engine.training import _job
from tests.engine.training.test_resume import weights
from tests.fixtures.disk import Mount

KILLED = -9


@dataclass
class Nursery:
    """Trains in forks of a process that has everything imported."""

    process: "subprocess.Popen[str]"

    def train(self, payload: dict[str, Any], events: Path, kill: Any = None) -> int:
        """The exit status of a training."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"payload": payload, "events": str(events), "kill": kill}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.training._nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def told(events: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in events.read_text().splitlines()]


def request(epochs: int) -> dict[str, Any]:
    made = _job.iris_request(fit={"epochs": epochs, "deterministic": True})
    made["stack"]["layers"].insert(2, {"class_name": "BatchNormalization", "name": "norm"})
    made["callbacks"] = [
        {"class_name": "ReduceLROnPlateau", "monitor": "loss", "patience": 1, "min_delta": 0.05}
    ]
    return made


class Twin:
    """The same training, unharmed."""

    def __init__(self, nursery: Nursery, folder: Path, epochs: int) -> None:
        self.nursery, self.out = nursery, folder / "out"
        self.data, self.request = _job.iris(folder), request(epochs)
        assert nursery.train(self.payload(self.out, None), folder / "events") == 0
        self.events = told(folder / "events")

    def payload(self, out: Path, resume: str | None) -> dict[str, Any]:
        """A checkpoint after every epoch."""
        more = {"checkpoint_seconds": 0, "resume": resume}
        return _job.payload(self.data, self.request, out, **more)


MakeTwin = Callable[[int], Twin]


@pytest.fixture(scope="module")
def twin(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> MakeTwin:
    """Makes the unharmed training of so many epochs, each once."""
    return cache(lambda epochs: Twin(nursery, tmp_path_factory.mktemp("twin"), epochs))


class Trial:
    """One training in many attempts in the same folder."""

    def __init__(self, twin: Twin, out: Path) -> None:
        self.twin, self.out = twin, out
        self.nursery, self.unharmed = twin.nursery, twin.events
        self.events = out.with_name("events")

    def attempt(self, kill: Any) -> int:
        """Go on from the newest checkpoint that was announced, as a worker does."""
        announced = [event["path"] for event in self.past() if event["event"] == "checkpoint"]
        resume = str(self.out / announced[-1]) if announced else None
        return self.nursery.train(self.twin.payload(self.out, resume), self.events, kill)

    def past(self) -> list[dict[str, Any]]:
        """All events of all attempts."""
        return told(self.events) if self.events.exists() else []

    def check_disk(self) -> None:
        """Whatever lies there as a checkpoint is whole, but for one that was being removed."""
        kept = sorted((self.out / "checkpoints").glob("epoch-*"))
        for folder in kept[-2:]:
            checkpoint.read(folder)

    def finish(self, warned: bool = False) -> None:
        """Let the last attempt end; compare it with the twin."""
        assert self.attempt(None) == 0
        past = self.past()
        assert warned or not [one for one in past if one["event"] in ("warning", "failed")]
        epochs = {event["epoch"]: event["logs"] for event in past if event["event"] == "epoch"}
        expected = [event["logs"] for event in self.unharmed if event["event"] == "epoch"]
        assert [epochs[number] for number in sorted(epochs)] == expected
        ours, theirs = (
            next(event for event in reversed(events) if event["event"] == "result")
            for events in (past, self.unharmed)
        )
        assert ours["evaluation"] == theirs["evaluation"]
        assert weights(self.out) == weights(self.twin.out)


@pytest.mark.parametrize(
    ("within", "anywhen"), [(3, 2), pytest.param(50, 20, marks=pytest.mark.long)]
)
def test_kills_change_nothing(twin: MakeTwin, tmp_path: Path, within: int, anywhen: int) -> None:
    """`within` the writer of checkpoints, at calls all over it, and `anywhen` while it trains."""
    trial = Trial(twin(20 + within + 5 * anywhen), tmp_path / "out")
    chance = random.Random(7)
    most = trial.unharmed[-1]["most"]
    for number in range(within):
        call = number * most // within
        assert trial.attempt({"call": call}) == KILLED
        assert trial.past()[-1]["call"] == call
        trial.check_disk()
    for _ in range(anywhen):
        moment = {"epochs": chance.randint(1, 3), "seconds": chance.uniform(0, 0.03)}
        assert trial.attempt(moment) == KILLED
        trial.check_disk()
    killed = [event["name"] for event in trial.past() if event["event"] == "killed"]
    assert len(killed) == within
    if within >= most:
        assert set(killed) >= {"mkdir", "open", "write", "fsync", "rename", "unlink", "rmdir"}
    trial.finish()


def test_a_full_disk_loses_no_earlier_checkpoint(
    twin: MakeTwin, tmp_path: Path, mounted: Mount
) -> None:
    trial = Trial(twin(33), mounted(2**20) / "out")
    trial.events = tmp_path / "events"
    filler = trial.out.parent / "filler"
    assert trial.attempt({"epochs": 4, "fill": str(filler)}) == 1
    past = trial.past()
    warned = {event["code"] for event in past if event["event"] == "warning"}
    assert warned - {"evaluation-failed"} == {"storage-full"}
    assert past[-1]["code"] == "storage-full", "the model finds no room either"
    kept = [event["path"] for event in past if event["event"] == "checkpoint"]
    assert len(kept) == 3
    for path in kept[-2:]:
        checkpoint.read(trial.out / path)
    filler.unlink()
    trial.finish(warned=True)
