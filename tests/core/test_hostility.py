"""Tasks that do harm: ended, named, nothing of them is left, and their host serves on."""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.host import EngineFailure, EngineHost, Limits, Silent, fork, fresh
from tests.core.test_host import CHECK, MINUTE
from tests.fixtures.disk import Mount


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineHost]:
    with pytest.MonkeyPatch.context() as patch:
        command = [sys.executable, "-m", "tests.core.hostility"]
        patch.setattr(fork, "python", lambda _module, *given: [*command, *given])
        made = EngineHost(tmp_path_factory.mktemp("host"), "fork")
        made.start()
    yield made
    made.close()


class Harmed(Exception):
    """The harm is done."""


class Impatient(Silent):
    """Ends a task as soon as the harm is done."""

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """Raise Harmed."""
        raise Harmed(name)


def left_in(folder: Path) -> list[int]:
    """Processes at work in a folder, waited for: the kernel takes a moment."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = []
        for process in psutil.process_iter():
            try:
                if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process.pid)
            except (psutil.Error, OSError):
                continue
        if not found:
            return []
        time.sleep(0.05)
    return found


def harm(host: EngineHost, task: str, payload: dict[str, Any], limits: Limits) -> str:
    """The code with which a harmful task ended, once nothing of it is left."""
    with host.folder() as folder:
        with pytest.raises(EngineFailure) as caught:
            host.run(task, payload, folder, limits)
        assert left_in(folder) == []
    assert not folder.exists()
    assert host.call("check", CHECK, MINUTE)["object"] == "plan"
    return caught.value.code


@pytest.mark.parametrize(("dies", "code"), [(False, "stalled"), (True, "crashed")])
def test_a_bomb_of_forks_leaves_no_process(host: EngineHost, dies: bool, code: str) -> None:
    seconds = 60 if dies else 2
    assert harm(host, "forks", {"dies": dies}, Limits(stall_seconds=seconds)) == code


@pytest.mark.parametrize("dies", [False, True])
def test_a_bomb_in_a_fresh_interpreter_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    command = [sys.executable, "-m", "tests.core.hostility"]
    monkeypatch.setattr(fresh, "python", lambda _module, *given: [*command, *given])
    exec_host = EngineHost(tmp_path, "exec")
    with exec_host.folder() as folder:
        with pytest.raises(EngineFailure if dies else Harmed):
            exec_host.run("forks", {"dies": dies}, folder, MINUTE, Impatient())
        assert left_in(folder) == []
    exec_host.close()


def test_memory_of_what_a_child_has_started_counts(host: EngineHost) -> None:
    limits = Limits(memory_bytes=2**28, stall_seconds=60)
    assert harm(host, "hides", {"bytes": 2**29}, limits) == "out-of-memory"


def test_an_endless_loop_in_native_code_is_ended(host: EngineHost) -> None:
    assert harm(host, "spins", {}, Limits(stall_seconds=1)) == "stalled"


def test_memory_without_end_is_noticed(host: EngineHost) -> None:
    assert harm(host, "swells", {}, Limits(memory_bytes=2**28, wall_seconds=60)) == "out-of-memory"


def test_a_flood_of_output_costs_its_host_no_memory(host: EngineHost) -> None:
    flood, before = 2**26, psutil.Process().memory_info().rss
    with host.folder() as folder, ThreadPoolExecutor(1) as beside:
        running = beside.submit(host.run, "prints", {"bytes": flood}, folder, MINUTE)
        # Others are served meanwhile.
        assert host.call("check", CHECK, MINUTE)["object"] == "plan"
        assert running.result()[0] == {"printed": flood}
    assert psutil.Process().memory_info().rss - before < flood // 2


def test_a_full_disk_is_told_and_freed(host: EngineHost, mounted: Mount, tmp_path: Path) -> None:
    disk = mounted(2**22)
    full = EngineHost(disk, "fork")
    full._starter = host._starter
    assert harm(full, "fills", {"piece": 2**18}, MINUTE) == "storage-full"
    assert os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize > 2**21


def test_a_file_larger_than_allowed_is_told(host: EngineHost) -> None:
    limits = Limits(wall_seconds=60, file_bytes=2**20)
    assert harm(host, "fills", {"piece": 2**18}, limits) == "internal"
