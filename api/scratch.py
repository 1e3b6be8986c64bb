"""The folder for files that nobody misses: one for each API process, gone with it."""

import os
import shutil
from pathlib import Path

from core.settings import Settings


def folder_of(settings: Settings) -> Path:
    """The folder of this process."""
    return settings.scratch / f"api-{os.getpid()}"


def claim(settings: Settings) -> Path:
    """Make the folder of this process, empty; remove those of processes that are no more."""
    for folder in settings.scratch.glob("api-*"):
        if not _is_alive(folder.name.removeprefix("api-")):
            shutil.rmtree(folder, ignore_errors=True)
    own = folder_of(settings)
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    return own


def release(settings: Settings) -> None:
    """Remove the folder of this process."""
    shutil.rmtree(folder_of(settings), ignore_errors=True)


def _is_alive(pid: str) -> bool:
    return pid != str(os.getpid()) and Path(f"/proc/{pid}").exists()
