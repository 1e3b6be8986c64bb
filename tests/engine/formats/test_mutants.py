"""Mutants of every format: none brings a reader down, each refusal has a code."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.host import EngineFailure, EngineHost, EngineRefusal, Limits
from engine.formats import FORMATS
from lamina.codes import ITEMS, JOB_ERRORS
from tests.engine.formats.mutants import mutant
from tests.fixtures.databases import ROOT

_SEED = 20_261_125
_MOST_MIB = 1500


class Reader:
    """Reads mutants in a process of their own; goes on behind one that ended the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outcomes: list[tuple[str, int, str]] = []
        self.peak = 0

    def read(self, name: str, count: int) -> None:
        first = 0
        while first < count:
            done = self._batch(name, first, count - first)
            if first + done == count:
                return
            first += done + 1
            self.outcomes.append((name, first - 1, self._by_the_host(name, first - 1)))

    def _batch(self, name: str, first: int, count: int) -> int:
        command = [sys.executable, "-m", "tests.engine.formats.mutants"]
        command += [str(_SEED), str(first), str(count), name]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = [line.split(" ", 2) for line in run.stdout.splitlines()]
        read = [(line[0], int(line[1]), line[2]) for line in lines if len(line) == 3 and line[2]]
        self.outcomes += read
        self.peak = max(self.peak, *(int(line[1]) for line in lines if line[0] == "peak"), 0)
        return len(read)

    def _by_the_host(self, name: str, number: int) -> str:
        """What the engine host says of a mutant that ended its reader."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "mutant").write_bytes(mutant(name, _SEED, number))
        host = EngineHost(self.folder / "host", "fork")
        host.start()
        try:
            with host.folder() as folder:
                payload = {"path": str(self.folder / "mutant"), "filename": None}
                limits = Limits(wall_seconds=60, memory_bytes=2 << 30)
                host.run("read", {**payload, "out": str(folder / "out")}, folder, limits)
        except EngineRefusal as refusal:
            return str(refusal.errors[0]["code"])
        except EngineFailure as failure:
            return failure.code
        finally:
            host.close()
        return "read"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_mutants_are_read_or_refused_with_a_code(name: str, tmp_path: Path) -> None:
    check(name, 100, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_many_mutants_are_read_or_refused_with_a_code(name: str, tmp_path: Path) -> None:
    check(name, 20_000, tmp_path)


def check(name: str, count: int, folder: Path) -> None:
    reader = Reader(folder / "reader")
    reader.read(name, count)
    assert [number for _, number, _ in reader.outcomes] == list(range(count))
    known = {"read", *ITEMS, *JOB_ERRORS}
    assert [outcome for outcome in reader.outcomes if outcome[2] not in known] == []
    assert reader.peak < _MOST_MIB
    refused = [outcome for outcome in reader.outcomes if outcome[2] != "read"]
    assert len(refused) > count // 5, "mutants that do no harm show nothing"
