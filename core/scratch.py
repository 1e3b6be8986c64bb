"""Folders for files that nobody misses: one for each process, gone with it.

A home folder may be shared by several hosts (a volume of several containers), whose process ids
say nothing to each other: a folder bears its host's name, and only that host tidies it up.
"""

import os
import shutil
import socket
from pathlib import Path

from core.settings import Settings


def folder_of(settings: Settings, door: str) -> Path:
    """The folder of this process; `door` is `api` or `worker`."""
    return settings.scratch / f"{_mark(door)}{os.getpid()}"


def claim(settings: Settings, door: str) -> Path:
    """Make the folder of this process, empty; remove those of this host's ended processes."""
    for folder in settings.scratch.glob(f"{_mark(door)}*"):
        pid = folder.name.removeprefix(_mark(door))
        if pid.isdigit() and not _is_alive(pid):  # else it is of a host with a longer name
            shutil.rmtree(folder, ignore_errors=True)
    own = folder_of(settings, door)
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    return own


def release(settings: Settings, door: str) -> None:
    """Remove the folder of this process."""
    shutil.rmtree(folder_of(settings, door), ignore_errors=True)


def _mark(door: str) -> str:
    return f"{door}-{socket.gethostname()}-"


def _is_alive(pid: str) -> bool:
    return pid != str(os.getpid()) and Path(f"/proc/{pid}").exists()
