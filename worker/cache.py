"""What this host keeps between attempts: datasets it has fetched, and arrays it has encoded.

Everything in it can be made again, so nothing is locked: an entry appears by a rename and
disappears whole, and who uses one holds its files open or by links of its own.
"""

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_UNUSED_SECONDS = 7 * 86_400
"""An entry that nobody used for so long goes, so that deleted data does not stay for ever."""


@dataclass(frozen=True)
class _Entry:
    folder: Path
    used_at: float
    bytes: int


class Cache:
    """Folders of files by key, the least recently used removed beyond `limit` bytes.

    Several processes of a host may share one. The engine writes to `encoded` itself.
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

    def trim(self) -> None:
        """Remove what is too old or too much, the least recently used first."""
        entries = sorted(self._entries(), key=lambda entry: entry.used_at)
        held = sum(entry.bytes for entry in entries)
        oldest = time.time() - _UNUSED_SECONDS
        for entry in entries:
            if held <= self._limit and entry.used_at >= oldest:
                break
            held -= entry.bytes
            shutil.rmtree(entry.folder, ignore_errors=True)

    def _entries(self) -> Iterator[_Entry]:
        for kind in (self._datasets, self.encoded):
            for folder in kind.iterdir():
                try:
                    size = sum(path.stat().st_size for path in folder.iterdir())
                    yield _Entry(folder, folder.stat().st_mtime, size)
                except FileNotFoundError:
                    continue  # gone, or renamed to what it shall be


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
