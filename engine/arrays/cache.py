"""The folder of entries that the processes of a host share, by what they were made from."""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from engine.arrays.entry import Damaged, Draft, Entry, Layout, sync

_LOCKS = ".locks"
_PATIENCE = 600.0
_LOOK = 0.05


class Cache:
    """Entries by key, below `limit` bytes each; who removes the old ones is another's business."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder, self._limit = folder, limit

    def find(self, key: str) -> Entry | None:
        """The entry of this key; one that is damaged is removed."""
        place = self._folder / key
        try:
            return Entry(place)
        except (FileNotFoundError, Damaged):
            remove(place)  # if it is there at all
            return None
        except OSError:
            return None

    def draft(self, layout: Layout) -> Draft:
        """A new entry to be filled. Raises OSError where it has no place."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = Draft(self._folder, layout)
        if draft.bytes > self._limit:
            draft.discard()
            raise OSError(28, "Larger than the cache")
        return draft

    def publish(self, key: str, draft: Draft) -> Entry:
        """Give a finished draft its name; another's entry of this name is as good."""
        place = self._folder / key
        try:
            draft.folder.rename(place)
            sync(self._folder)
        except OSError:  # a neighbour was faster
            found = self.find(key)
            if found is not None:
                draft.discard()
                return found
            # It was there and is gone again, or cannot be read: use what was made here.
            return Entry(draft.folder)
        return Entry(place)

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """While this lasts no other process makes this entry, unless it waited for very long.

        A process that is killed lets go of it by that.
        """
        locks = self._folder / _LOCKS
        try:
            locks.mkdir(parents=True, exist_ok=True)
            file = (locks / key[:2]).open("wb")
        except OSError:
            yield
            return
        with file:
            _take(file.fileno())
            yield


def _take(handle: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK)
        except OSError:
            return
        else:
            return


def key_of(parts: Any) -> str:
    """The key of what is made from these plain values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def remove(folder: Path) -> None:
    """Take an entry away: its name at once, then its files."""
    gone = folder.with_name(f".gone-{uuid4().hex}")
    try:
        os.rename(folder, gone)
    except OSError:
        return
    shutil.rmtree(gone, ignore_errors=True)
