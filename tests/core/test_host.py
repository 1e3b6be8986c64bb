"""The engine host: answers, limits, crashes, secrets, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.host import (
    EngineFailure,
    EngineHost,
    EngineProcess,
    EngineRefusal,
    Limits,
    Silent,
)
from tests.fixtures.databases import ROOT

STACK = {"layers": [{"class_name": "Input", "shape": [4]}, {"class_name": "Dense", "units": 3}]}
CHECK = {
    "stack": STACK,
    "data": None,
    "schema": None,
    "compile": {},
    "fit": {},
    "callbacks": [],
    "resources": {},
    "limits": {"layers": 2000, "nesting": 8},
    "pointers": {"stack": "/stack"},
}
MINUTE = Limits(wall_seconds=60)


class Doing(Silent):
    """Does something to the child once it runs."""

    def __init__(self, action: Callable[[EngineProcess], None]) -> None:
        self.action: Callable[[EngineProcess], None] | None = action

    def on_tick(self, process: EngineProcess) -> None:
        if self.action is not None:
            action, self.action = self.action, None
            action(process)


@pytest.fixture(scope="module", params=["fork", "exec"])
def host(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EngineHost]:
    made = EngineHost(tmp_path_factory.mktemp("host"), request.param)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def fork_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineHost]:
    made = EngineHost(tmp_path_factory.mktemp("host"), "fork")
    made.start()
    yield made
    made.close()


def hang(
    host: EngineHost, folder: Path, limits: Limits, listener: Silent | None = None
) -> dict[str, Any]:
    """A task that never ends: it reads a pipe into which nobody writes."""
    os.mkfifo(folder / "silent")
    payload = {
        "path": str(folder / "silent"),
        "filename": "a.csv",
        "content_type": "text/csv",
        "out": str(folder),
        "limits": {},
    }
    return host.run("read", payload, folder, limits, listener)[0]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def await_death(pid: int) -> None:
    """The kernel ends a child a moment after its parent."""
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_a_task_answers(host: EngineHost) -> None:
    with host.folder() as folder:
        plan, peak = host.run("check", CHECK, folder, MINUTE)
    assert plan["parameters"]["total"] == 15
    assert peak >= 0
    assert not folder.exists()


def test_a_refusal_brings_its_items(host: EngineHost) -> None:
    stack = {"layers": [{"class_name": "Input", "shape": [4]}, {"class_name": "Dens", "units": 3}]}
    with pytest.raises(EngineRefusal) as caught:
        host.call("check", CHECK | {"stack": stack}, MINUTE)
    assert caught.value.code == "invalid-stack"
    assert caught.value.errors[0]["pointer"] == "/stack/layers/1/class_name"
    assert caught.value.errors[0]["did_you_mean"] == ["Dense"]


def test_a_mistake_of_the_engine_is_a_failure_with_a_traceback(host: EngineHost) -> None:
    with pytest.raises(EngineFailure) as caught:
        host.call("check", {}, MINUTE)
    assert caught.value.code == "internal"
    assert "Traceback" in (caught.value.traceback or "")


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(wall_seconds=1), "timed-out"),
        (Limits(stall_seconds=1), "stalled"),
        (Limits(memory_bytes=2**20), "out-of-memory"),
    ],
)
def test_a_hanging_task_is_ended_by_each_limit(host: EngineHost, limits: Limits, code: str) -> None:
    pids: list[int] = []
    with host.folder() as folder, pytest.raises(EngineFailure) as caught:
        hang(host, folder, limits, Doing(lambda process: pids.append(process.pid)))
    assert caught.value.code == code
    assert not is_alive(pids[0])


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_a_crash_names_the_signal(host: EngineHost, number: signal.Signals) -> None:
    def crash(process: EngineProcess) -> None:
        time.sleep(0.2)
        os.kill(process.pid, number)

    with host.folder() as folder, pytest.raises(EngineFailure) as caught:
        hang(host, folder, MINUTE, Doing(crash))
    assert caught.value.code == "crashed"
    assert number.name in caught.value.detail


def test_an_exception_of_the_listener_ends_the_child(host: EngineHost) -> None:
    pids: list[int] = []

    def leave(process: EngineProcess) -> None:
        pids.append(process.pid)
        raise KeyboardInterrupt

    with host.folder() as folder, pytest.raises(KeyboardInterrupt):
        hang(host, folder, MINUTE, Doing(leave))
    assert not is_alive(pids[0])


def test_children_see_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    monkeypatch.setenv("LAMINA_DATABASE_URL", "postgresql://u:hidden-secret@db/x")
    seen: list[bytes] = []

    def look(process: EngineProcess) -> None:
        for pid in (process.pid, int(Path(f"/proc/{process.pid}/stat").read_text().split()[3])):
            if pid != os.getpid():
                seen.append(Path(f"/proc/{pid}/environ").read_bytes())
        raise KeyboardInterrupt  # which ends the child

    for start in ("fork", "exec"):
        with subtests.test(start):
            host = EngineHost(tmp_path / start, start)
            host.start()
            with host.folder() as folder, pytest.raises(KeyboardInterrupt):
                hang(host, folder, MINUTE, Doing(look))
            host.close()
    assert len(seen) == 3  # the forked child, its nursery, the fresh child
    assert all(b"hidden-secret" not in environment for environment in seen)


def test_a_warm_child_serves_many_calls_and_is_replaced_when_it_dies(
    fork_host: EngineHost,
) -> None:
    def pid() -> int:
        return fork_host.warm.idle("check")[0].process.pid

    fork_host.call("check", CHECK, MINUTE)
    first = pid()
    fork_host.call("check", CHECK, MINUTE)
    assert pid() == first
    os.kill(first, signal.SIGKILL)
    fork_host.warm.idle("check")[0].process.wait(10)
    fork_host.call("check", CHECK, MINUTE)
    assert pid() != first


def _ask(host: EngineHost, subject: str) -> int:
    """Have a subject's child do something; the child."""
    host.call("check", CHECK, MINUTE, subject)
    (child,) = host.warm.idle("check", subject)
    return child.process.pid


def test_a_subject_has_a_child_of_its_own_until_others_need_the_place(
    fork_host: EngineHost,
) -> None:
    one, two = _ask(fork_host, "one"), _ask(fork_host, "two")
    assert one != two
    assert _ask(fork_host, "one") == one
    three = _ask(fork_host, "three")  # of the two places the one of "two" is idle for longest
    await_death(two)
    assert fork_host.warm.idle("check", "two") == []
    assert (_ask(fork_host, "one"), _ask(fork_host, "three")) == (one, three)
    fork_host.forget("one")
    assert not is_alive(one)
    assert is_alive(three)


def test_a_subject_that_nobody_asks_loses_its_child(
    fork_host: EngineHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork_host.forget("three")
    monkeypatch.setattr(fork_host.warm, "idle_seconds", 0.2)
    await_death(_ask(fork_host, "brief"))
    assert fork_host.warm.idle("check", "brief") == []


def test_a_child_that_has_grown_too_large_is_not_kept(fork_host: EngineHost) -> None:
    """Short tasks end before anybody weighs them: every so often that is done between two."""
    _ask(fork_host, "grown")
    fork_host.warm.idle("check", "grown")[0].calls = 49
    fork_host.call("check", CHECK, Limits(wall_seconds=60, memory_bytes=2**20), "grown")
    assert fork_host.warm.idle("check", "grown") == []


def test_what_a_dying_child_leaves_undone_is_tried_once_more(fork_host: EngineHost) -> None:
    first = _ask(fork_host, "doomed")
    os.kill(first, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(_ask, fork_host, "doomed")
        while fork_host.warm.idle("check", "doomed"):  # until it has been given the task
            time.sleep(0.01)
        os.kill(first, signal.SIGKILL)
        assert second.result(60) != first


def test_a_killed_nursery_is_started_again(fork_host: EngineHost) -> None:
    fork_host.call("check", CHECK, MINUTE)
    child = fork_host.warm.idle("check")[0].process
    nursery = int(Path(f"/proc/{child.pid}/stat").read_text().split()[3])
    os.kill(nursery, signal.SIGKILL)
    assert child.wait(10)
    await_death(child.pid)  # it dies with its parent
    assert fork_host.call("check", CHECK, MINUTE)["object"] == "plan"


def test_the_nursery_has_one_thread_so_forking_is_safe(fork_host: EngineHost) -> None:
    fork_host.call("check", CHECK, MINUTE)
    child = fork_host.warm.idle("check")[0].process
    nursery = int(Path(f"/proc/{child.pid}/stat").read_text().split()[3])
    assert len(list(Path(f"/proc/{nursery}/task").iterdir())) == 1


_LEAVING = """
import sys
from pathlib import Path
from core.host import EngineHost, Limits
from tests.core.test_host import CHECK, MINUTE, Doing, hang

host = EngineHost(Path(sys.argv[1]), sys.argv[2])
host.start()
if sys.argv[2] == "fork":  # an interpreter more would tell nothing new
    host.call("check", CHECK, MINUTE, "kept")
    print(host.warm.idle("check", "kept")[0].process.pid, flush=True)
with host.folder() as folder:
    hang(host, folder, Limits(wall_seconds=60), Doing(lambda child: print(child.pid, flush=True)))
"""


@pytest.mark.parametrize("start", ["fork", "exec"])
def test_no_child_outlives_a_killed_host(tmp_path: Path, start: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _LEAVING, str(tmp_path), start], cwd=ROOT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        children = [int(parent.stdout.readline()) for _ in range(2 if start == "fork" else 1)]
        assert all(map(is_alive, children))
        parent.kill()
        parent.wait()
    for pid in children:
        await_death(pid)
