"""Which processes come from an engine child: by birth, and by a mark that they inherit."""

import contextlib
import os
import signal
import time
from pathlib import Path

MARK = "LAMINA_ENGINE_MARK"
"""A variable with which a child starts, and all that it starts: proc(5), /proc/pid/environ."""

_SECONDS = 10.0


def family(pid: int) -> list[int]:
    """A process and its descendants (proc(5), /proc/pid/task/tid/children).

    Engine children adopt what their own children leave behind, so that nobody is missing.
    """
    found = [pid]
    for one in found:  # grows meanwhile
        found += _children(one)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


def end_marked(mark: str) -> None:
    """Kill every process that bears this mark, and what it starts meanwhile, until none is left."""
    deadline = time.monotonic() + _SECONDS
    while (found := _marked(mark)) and time.monotonic() < deadline:
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)  # the kernel takes a moment


def _marked(mark: str) -> list[int]:
    wanted = f"{MARK}={mark}\0".encode()
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            if wanted in Path(f"/proc/{name}/environ").read_bytes():
                found.append(int(name))
    return found
