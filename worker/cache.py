"""What this host keeps between attempts: datasets it has fetched, and arrays it has encoded.

Everything in it can be made again. An entry appears by a rename and disappears whole. Who uses a
dataset has links of its own to its files; who uses arrays, or still writes them, holds a lock
(flock) on them, which a killed process loses.
"""

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UNUSED_SECONDS = 7 * 86_400
"""An entry that nobody used for so long goes, so that deleted data does not stay for ever."""


@dataclass(frozen=True)
class _Entry:
    folder: Path
    used_at: float
    bytes: int


class Cache:
    """Folders of files by key, the least recently used removed beyond `limit` bytes.

    Several processes of a host may share one. The engine writes to `encoded` itself, as
    `engine/arrays` says.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._datasets, self.encoded = folder / "datasets", folder / "encoded"
        self._limit = limit
        for kind in (self._datasets, self.encoded):
            kind.mkdir(parents=True, exist_ok=True)

    def bring(
        self, key: str, names: Iterable[str], fetch: Callable[[Path], None], to: Path
    ) -> None:
        """Put the files of a dataset into the new folder `to`: by links, or else by `fetch`."""
        entry = self._datasets / key.replace("/", "_")
        try:
            _link(entry, names, to)
            os.utime(entry)
        except FileNotFoundError:
            shutil.rmtree(to, ignore_errors=True)
            fetch(to)
            _publish(to, names, entry)

    def described(self, contents: dict[str, str | None]) -> dict[str, Any] | None:
        """The place for encoded arrays as the engine takes it; None where nothing is kept.

        `contents` name what the datasets of a training hold, by their role.
        """
        if not self._limit:
            return None
        return {"dir": str(self.encoded), "bytes": self._limit, "datasets": contents}

    def trim(self) -> None:
        """Remove what is too old or too much, the least recently used first."""
        entries = sorted(self._entries(), key=lambda entry: entry.used_at)
        held = sum(entry.bytes for entry in entries)
        oldest = time.time() - _UNUSED_SECONDS
        for entry in entries:
            if held <= self._limit and entry.used_at >= oldest:
                break
            if _remove(entry.folder):
                held -= entry.bytes
        for left in self.encoded.glob(".*-*"):
            _remove(left)  # of a process that was killed while it wrote or removed

    def _entries(self) -> Iterator[_Entry]:
        for kind in (self._datasets, self.encoded):
            for folder in kind.iterdir():
                if kind == self.encoded and folder.name.startswith("."):
                    continue
                try:
                    size = sum(path.stat().st_size for path in folder.iterdir())
                    yield _Entry(folder, folder.stat().st_mtime, size)
                except FileNotFoundError:
                    continue  # gone, or renamed to what it shall be


def _remove(folder: Path) -> bool:
    """Take an entry away unless somebody holds its arrays; whether it is gone."""
    try:
        with (folder / "arrays.bin").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return _discard(folder)
    except FileNotFoundError:
        return _discard(folder)  # it holds no arrays
    except OSError:
        return False


def _discard(folder: Path) -> bool:
    """Its name goes first: nobody meets half of it."""
    gone = folder.with_name(f".gone-{uuid.uuid4().hex}")
    try:
        folder.rename(gone)
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return True


def _link(source: Path, names: Iterable[str], to: Path) -> None:
    to.mkdir(parents=True)
    for name in names:
        os.link(source / name, to / name)


def _publish(source: Path, names: Iterable[str], entry: Path) -> None:
    staged = entry.with_name(f".{entry.name}-{uuid.uuid4().hex}")
    try:
        _link(source, names, staged)
        staged.rename(entry)
    except OSError:  # a neighbour was faster, or the disk is full: it is only a cache
        shutil.rmtree(staged, ignore_errors=True)
